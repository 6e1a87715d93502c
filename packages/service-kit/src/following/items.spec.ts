import type { LaneBatch, LogRecord } from '@tenure/event-log';
import { describe, expect, it } from 'vitest';
import { inOrder } from './items.ts';

const lane = (source: string, partition: number, ...times: readonly number[]): LaneBatch => ({
  lane: { source, partition },
  records: times.map((at, i) => ({ seq: i + 1, position: at }) as LogRecord),
});
const merged = (...batches: readonly LaneBatch[]) =>
  [...inOrder(batches, ({ position }) => position)].map(([partition, items]) => [
    partition,
    items.map(({ source, record }) => `${source}/${record.seq}`),
  ]);

describe('what has arrived', () => {
  it('is put in the order in which it was recorded, each partition for itself', () => {
    expect(merged(lane('order', 0, 10, 30), lane('clock', 0, 20), lane('order', 1, 5))).toEqual([
      [0, ['order/1', 'clock/1', 'order/2']],
      [1, ['order/1']],
    ]);
  });

  it('keeps the order of every lane, whatever its times say', () => {
    expect(merged(lane('order', 0, 50, 10), lane('clock', 0, 20))).toEqual([
      [0, ['clock/1', 'order/1', 'order/2']],
    ]);
  });

  it('leaves what was recorded at once in the order of the lanes', () => {
    expect(merged(lane('a', 0, 1), lane('b', 0, 1))).toEqual([[0, ['a/1', 'b/1']]]);
  });
});
