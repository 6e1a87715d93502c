// What a batch brings, sorted: by customer what is to be folded, by parked customer what waits, by partition which days closed.
import { TenureError } from '@tenure/core';
import type { Lane, LaneBatch, LogRecord } from '@tenure/event-log';
import type { Codec, DecodedEvent } from '@tenure/events';
import type { LaneCheckpoint, ParkedRow, Vector } from '@tenure/read-models';
import { CLOCK_SOURCE, type Day } from './day.ts';
import type { Standing } from './fresh.ts';
import { failureAt, withLater, type FoldFailure } from './fold-key.ts';
import { mergeIn, type Said } from './merging.ts';
import { dayOfRecord, type Model } from './model.ts';
import { standsStill, withWaiting } from './parking.ts';

export type Arrived = { readonly documentId: string; readonly event: DecodedEvent };

/** The events of one customer in order of arrival, up to the first that cannot be read. */
export type CustomerArrivals = {
  readonly key: string;
  readonly partition: number;
  readonly events: Arrived[];
  failure: FoldFailure | null;
};

export type Closing = { readonly day: Day; readonly checkpoint: LaneCheckpoint };

export type Arrivals = {
  /** Without those whose documents are folded anew. */
  readonly customers: ReadonlyMap<string, CustomerArrivals>;
  /** Rows of customers that stand still, with what came for them now. */
  readonly waiting: ReadonlyMap<string, ParkedRow>;
  /** Lanes whose records are all dealt with when the batch is committed. */
  readonly checkpoints: readonly LaneCheckpoint[];
  /** The newest day closed per partition: its lane moves when the due documents are rewritten. */
  readonly closings: ReadonlyMap<number, Closing>;
  /** What events say of merged customers. */
  readonly said: readonly Said[];
};

/** Sorts a batch. @throws LOG_HOLE (retriable) when a lane does not continue where the model stands. */
export const sortArrivals = (model: Model, codec: Codec, batches: readonly LaneBatch[]): Arrivals => {
  const customers = new Map<string, CustomerArrivals>();
  const waiting = new Map<string, ParkedRow>();
  const checkpoints = new Map<string, LaneCheckpoint>();
  const closings = new Map<number, Closing>();
  const said: Said[] = [];
  for (const { lane, records } of batches) {
    const { source, partition } = lane;
    let seq = checkpoints.get(`${source}/${partition}`)?.seq ?? model.lanes.seq(lane);
    for (const record of records) {
      if (record.seq <= seq) continue; // delivered again
      if (record.seq !== seq + 1) throw hole(model, lane, seq, record.seq);
      seq = record.seq;
      const checkpoint = { source, partition, seq, position: record.position };
      if (source === CLOCK_SOURCE) {
        const day = dayOfRecord(codec, record);
        if (day !== null) closings.set(partition, { day, checkpoint });
      } else arrive({ model, codec, customers, waiting, said }, lane, record);
      checkpoints.set(`${source}/${partition}`, checkpoint);
    }
  }
  for (const [partition, closing] of closings) {
    const last = checkpoints.get(`${CLOCK_SOURCE}/${partition}`) ?? closing.checkpoint;
    closings.set(partition, { day: closing.day, checkpoint: last });
    checkpoints.delete(`${CLOCK_SOURCE}/${partition}`);
  }
  return { customers, waiting, checkpoints: [...checkpoints.values()], closings, said };
};

type Sorting = {
  readonly model: Model;
  readonly codec: Codec;
  readonly customers: Map<string, CustomerArrivals>;
  readonly waiting: Map<string, ParkedRow>;
  readonly said: Said[];
};

const arrive = (
  { model, codec, customers, waiting, said }: Sorting,
  { source, partition }: Lane,
  record: LogRecord,
): void => {
  const { rules } = model;
  const { key, position } = record;
  // Whoever was merged stands still with his survivor.
  const holder = model.absorptions.rootOf(key);
  let read: Arrived | { readonly error: unknown };
  try {
    const { type } = codec.peek(record.body);
    if (!rules.handles(source, type)) return;
    const row = waiting.get(holder) ?? model.parked.get(holder);
    if (standsStill(row)) {
      const merge = mergeIn(rules, source, type, () => codec.decode(source, record));
      if (merge !== null) said.push({ key, position, merge });
      return void waiting.set(holder, withWaiting(row, source, position));
    }
    const event = codec.decode(source, record);
    const merge = rules.mergeOf(event);
    if (merge !== null) said.push({ key, position, merge });
    if (!rules.folds(event)) return;
    const documentId = rules.documentIdOf(event);
    if (documentId === null) return;
    read = { documentId, event };
  } catch (error) {
    const row = waiting.get(holder) ?? model.parked.get(holder);
    if (standsStill(row)) return void waiting.set(holder, withWaiting(row, source, position));
    read = { error };
  }
  let customer = customers.get(key);
  if (customer === undefined) customers.set(key, (customer = { key, partition, events: [], failure: null }));
  if (customer.failure !== null) customer.failure = withLater(customer.failure, source, position);
  else if ('event' in read) customer.events.push(read);
  else customer.failure = failureAt(source, position, read.error);
};

const hole = (model: Model, lane: Lane, seq: number, next: number): TenureError =>
  new TenureError(
    'LOG_HOLE',
    `Lane ${lane.partition} of ${lane.source} continues at ${next}, ${model.rules.definition.name} stands at ${seq}: the log has lost records or was replaced. Restore it, or replay the projection.`,
    { ...lane, seq, next },
    { retriable: true },
  );

/** Where the partitions are once this batch is committed: a day that closes with it is closed after it. */
export const standingAfter = (model: Model, arrivals: Arrivals): Standing => {
  const known = new Map<number, Vector>();
  return {
    upTo(partition) {
      let positions = known.get(partition);
      if (positions === undefined)
        known.set(partition, (positions = positionsAfter(model, arrivals, partition)));
      return positions;
    },
    day: (partition) => model.days.get(partition),
  };
};

const positionsAfter = (model: Model, arrivals: Arrivals, partition: number): Vector => ({
  ...model.lanes.positions(partition),
  ...Object.fromEntries(
    arrivals.checkpoints
      .filter((checkpoint) => checkpoint.partition === partition)
      .map(({ source, position }) => [source, position]),
  ),
});
