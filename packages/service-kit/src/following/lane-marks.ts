// How far each lane was followed, and which business day each partition stands on.
import type { EventLog, Lane } from '@tenure/event-log';
import { partitionOf } from '@tenure/event-log';
import type { Codec } from '@tenure/events';
import { BUSINESS_DAY_CLOSED, CLOCK_SOURCE, dayOf, type Day } from '@tenure/projections';
import type { LaneDone, ReactionCheckpoints } from '../reactions/checkpoints.ts';

/** A closed day, and the event that closed it. */
export type ClosedDay = Day & { readonly eventId: string };

export interface LaneMarks {
  /** seq of the last record that is acknowledged; 0: none. */
  seq(lane: Lane): number;
  /** The position up to which the events of a key were followed, those of the batch at hand included. */
  followed(source: string, key: string): number;
  /** An event of the batch at hand was followed. */
  follow(source: string, key: string, position: number): void;
  day(partition: number): ClosedDay | undefined;
  close(partition: number, day: ClosedDay): void;
  acknowledge(lanes: readonly LaneDone[]): void;
  /** The record lay in the log when this run began: an earlier one may have followed it. */
  mayBeKnown(lane: Lane, seq: number): boolean;
}

type MarksDeps = {
  readonly log: Pick<EventLog, 'read' | 'head' | 'partitions'>;
  readonly codec: Pick<Codec, 'peek' | 'decode'>;
  readonly checkpoints: Pick<ReactionCheckpoints, 'seq'>;
};

/** Clock records looked at for the last closed day; every one of them closes a day. */
const LOOK_BACK = 16;

/** Reads where the last run has come to. */
export const openMarks = async (deps: MarksDeps, topics: readonly string[]): Promise<LaneMarks> => {
  const { partitions } = deps.log;
  const lanes = new Map<string, { seq: number; position: number }>();
  const days = new Map<number, ClosedDay>();
  const heads = new Map<string, number>();
  for (const source of topics)
    for (let partition = 0; partition < partitions; partition++) {
      const seq = await deps.checkpoints.seq({ source, partition });
      const [record] = seq === 0 ? [] : await deps.log.read({ source, partition }, seq, 1, { keys: true });
      heads.set(nameOf({ source, partition }), await deps.log.head({ source, partition }));
      lanes.set(nameOf({ source, partition }), { seq, position: record?.position ?? 0 });
      const day = source === CLOCK_SOURCE ? await dayAt(deps, partition, seq) : undefined;
      if (day !== undefined) days.set(partition, day);
    }
  const ahead = new Map<string, number>();
  return {
    seq: (lane) => lanes.get(nameOf(lane))?.seq ?? 0,
    followed: (source, key) =>
      Math.max(
        lanes.get(nameOf({ source, partition: partitionOf(key, partitions) }))?.position ?? 0,
        ahead.get(`${source}/${key}`) ?? 0,
      ),
    follow: (source, key, position) => void ahead.set(`${source}/${key}`, position),
    day: (partition) => days.get(partition),
    close: (partition, day) => void days.set(partition, day),
    acknowledge(done) {
      for (const { seq, position, ...lane } of done) lanes.set(nameOf(lane), { seq, position });
      ahead.clear();
    },
    mayBeKnown: (lane, seq) => seq <= (heads.get(nameOf(lane)) ?? 0),
  };
};

const nameOf = ({ source, partition }: Lane): string => `${source}/${partition}`;

const dayAt = async (
  { log, codec }: MarksDeps,
  partition: number,
  seq: number,
): Promise<ClosedDay | undefined> => {
  if (seq === 0) return undefined;
  const from = Math.max(1, seq - LOOK_BACK + 1);
  const records = await log.read({ source: CLOCK_SOURCE, partition }, from, seq - from + 1);
  const last = records.findLast(({ body }) => codec.peek(body).type === BUSINESS_DAY_CLOSED);
  if (last === undefined) return undefined;
  const event = codec.decode(CLOCK_SOURCE, last);
  return { ...dayOf(event), eventId: event.id };
};
