// What has arrived, in the order in which it was recorded: lanes are merged, and each stays in its own order.
import type { LaneBatch, LogRecord } from '@tenure/event-log';

export type Item = { readonly source: string; readonly partition: number; readonly record: LogRecord };

export type TimeOf = (record: LogRecord) => number;

/** The records of each partition, merged by the time they were recorded. */
export const inOrder = (
  batches: readonly LaneBatch[],
  timeOf: TimeOf,
): ReadonlyMap<number, readonly Item[]> => {
  const lanes = new Map<number, Item[][]>();
  for (const { lane, records } of batches) {
    const items = records.map((record) => ({ ...lane, record }));
    lanes.set(lane.partition, [...(lanes.get(lane.partition) ?? []), items]);
  }
  return new Map([...lanes].map(([partition, waiting]) => [partition, merged(waiting, timeOf)]));
};

type Timed = { readonly item: Item; readonly at: number };

// A lane never waits behind its own later records: its times are made to grow.
const growing = (items: readonly Item[], timeOf: TimeOf): readonly Timed[] => {
  let newest = 0;
  return items.map((item) => {
    newest = Math.max(newest, timeOf(item.record));
    return { item, at: newest };
  });
};

const merged = (lanes: readonly (readonly Item[])[], timeOf: TimeOf): readonly Item[] =>
  lanes
    .flatMap((items) => growing(items, timeOf))
    .toSorted((a, b) => a.at - b.at) // stable: what was recorded at once stays in the order of the lanes
    .map(({ item }) => item);
