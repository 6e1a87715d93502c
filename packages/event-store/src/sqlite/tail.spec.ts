import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../event-store.ts';
import { tailOf } from './tail.ts';

const events = (from: number, to: number, size = 1): readonly StoredEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    position: from + i,
    stream: 's',
    revision: i,
    key: 'k',
    body: new Uint8Array(size),
  }));

const positions = (found: readonly StoredEvent[] | undefined) => found?.map(({ position }) => position);

describe('the tail of a store', () => {
  it('answers what is behind a position, from inside or between commits', () => {
    const tail = tailOf();
    tail.add(events(11, 13));
    tail.add(events(14, 14));
    tail.add(events(15, 17));
    expect(positions(tail.after(10, 100))).toEqual([11, 12, 13, 14, 15, 16, 17]);
    expect(positions(tail.after(12, 100))).toEqual([13, 14, 15, 16, 17]);
    expect(positions(tail.after(14, 100))).toEqual([15, 16, 17]);
    expect(positions(tail.after(16, 100))).toEqual([17]);
    expect(positions(tail.after(17, 100))).toEqual([]);
    expect(positions(tail.after(99, 100))).toEqual([]);
    expect(positions(tail.after(12, 2))).toEqual([13, 14]);
    expect(positions(tail.after(14, 2))).toEqual([15, 16]);
  });

  it('does not know what is older, nor anything while it is empty', () => {
    const tail = tailOf();
    expect(tail.after(0, 100)).toBeUndefined();
    tail.add(events(11, 13));
    expect(tail.after(9, 100)).toBeUndefined();
    tail.clear();
    expect(tail.after(12, 100)).toBeUndefined();
  });

  it('holds no more events and bytes than it may', () => {
    const byEvents = tailOf(10, 1_000);
    for (let i = 1; i <= 40; i += 4) byEvents.add(events(i, i + 3));
    expect(byEvents.after(31, 100)).toBeUndefined();
    expect(positions(byEvents.after(32, 100))).toEqual([33, 34, 35, 36, 37, 38, 39, 40]);
    const byBytes = tailOf(10, 1_000);
    byBytes.add(events(1, 2, 400));
    byBytes.add(events(3, 3, 400));
    expect(byBytes.after(0, 100)).toBeUndefined();
    expect(positions(byBytes.after(2, 100))).toEqual([3]);
    byBytes.add(events(4, 4, 5_000));
    expect(byBytes.after(3, 100)).toBeUndefined();
  });
});
