import { describe, expect, it } from 'vitest';
import { foldedMarks } from './folded-marks.ts';
import { laneProgress } from './lanes.ts';

const lanes = (...seqs: readonly number[]) =>
  laneProgress(seqs.map((seq, partition) => ({ source: 'order', partition, seq, position: seq * 10 })));

describe('foldedMarks', () => {
  it('is the highest mark whose heads every lane has passed', () => {
    const marks = foldedMarks();
    marks.add({ source: 'order', position: 5, heads: [1, 1] });
    marks.add({ source: 'order', position: 9, heads: [2, 1] });
    expect(marks.settle(lanes(0, 1))).toBe(false);
    expect(marks.positions()).toEqual({});
    expect(marks.settle(lanes(1, 1))).toBe(true);
    expect(marks.positions()).toEqual({ order: 5 });
    expect(marks.settle(lanes(1, 1))).toBe(false);
    expect(marks.settle(lanes(4, 1))).toBe(true);
    expect(marks.positions()).toEqual({ order: 9 });
  });

  it('counts positions of events that reached no lane of interest', () => {
    const marks = foldedMarks();
    marks.add({ source: 'order', position: 40, heads: [0, 0] });
    expect(marks.settle(lanes())).toBe(true);
    expect(marks.positions()).toEqual({ order: 40 });
  });

  it('takes over what another generation of the same lanes has told, and never goes back', () => {
    const marks = foldedMarks();
    marks.atLeast({ order: 7, customer: 3 });
    marks.add({ source: 'order', position: 5, heads: [1] });
    expect(marks.settle(lanes(1))).toBe(false);
    expect(marks.positions()).toEqual({ order: 7, customer: 3 });
  });

  it('stays bounded far behind the log, and ends at the newest mark', () => {
    const marks = foldedMarks();
    for (let n = 1; n <= 10_000; n++) marks.add({ source: 'order', position: n, heads: [n] });
    expect(marks.settle(lanes(100))).toBe(true);
    expect(marks.positions()).toEqual({ order: 100 });
    marks.settle(lanes(9_999));
    expect(marks.positions()).toEqual({ order: 255 });
    marks.settle(lanes(10_000));
    expect(marks.positions()).toEqual({ order: 10_000 });
  });
});
