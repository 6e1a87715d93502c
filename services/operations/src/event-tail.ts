// Events as they come into the log, for people who watch it: read at the reader's own pace, lane by lane.
import { partitionOf, type Lane, type LogRecord } from '@tenure/event-log';
import type { DecodedEvent } from '@tenure/events';
import type { Kit, LiveReader } from '@tenure/http';

export type TailQuery = {
  readonly sources: readonly string[];
  /** Undefined: all. */
  readonly types?: readonly string[] | undefined;
  readonly key?: string | undefined;
};

/** seq of the last record that was looked at, per source and partition; lanes that are not looked at stand at 0. */
export type TailPlace = Readonly<Record<string, readonly number[]>>;

type Log = Pick<Kit, 'log' | 'codec'>;

/** Copied to every lane: one of them has all its events. */
const BROADCAST: ReadonlySet<string> = new Set(['clock']);
/** Records of a lane in one step: with 16 lanes of 10 sources a step stays below 30 MB. */
const STEP = 200;

const lanesOf = ({ log }: Log, { sources, key }: TailQuery): readonly Lane[] =>
  sources.flatMap((source) => {
    const all = Array.from({ length: log.partitions }, (_, partition) => ({ source, partition }));
    if (BROADCAST.has(source)) return all.slice(0, 1);
    return key === undefined ? all : all.slice(partitionOf(key, log.partitions)).slice(0, 1);
  });

/** Where a tail begins: at the newest events, or in front of what was recorded at `from` (ms) or later. */
export const tailStart = async (kit: Log, query: TailQuery, from: number | undefined): Promise<TailPlace> => {
  const place: Record<string, number[]> = {};
  for (const source of query.sources) place[source] = Array.from({ length: kit.log.partitions }, () => 0);
  await Promise.all(
    lanesOf(kit, query).map(async (lane) => {
      const head = await kit.log.head(lane);
      const seqs = place[lane.source];
      if (seqs) seqs[lane.partition] = from === undefined ? head : await lastBefore(kit, lane, head, from);
    }),
  );
  return place;
};

/** seq of the last record of a lane that was recorded before an instant, by bisection; 0: none. */
const lastBefore = async ({ log, codec }: Log, lane: Lane, head: number, from: number): Promise<number> => {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [record] = await log.read(lane, middle, 1);
    if (record === undefined || codec.peek(record.body).recordedAt >= from) high = middle - 1;
    else low = middle;
  }
  return low;
};

export type TailStep = {
  readonly events: readonly DecodedEvent[];
  readonly place: TailPlace;
  /** False: some lane holds more. */
  readonly atHead: boolean;
};

/** What lies behind a place, in the order of recording as far as it has come. `heads`: newest seq per source and lane. */
export const tailStep = async (
  kit: Log,
  query: TailQuery,
  place: TailPlace,
  heads: TailPlace,
): Promise<TailStep> => {
  const next: Record<string, number[]> = {};
  for (const [source, seqs] of Object.entries(place)) next[source] = [...seqs];
  let atHead = true;
  const found = await Promise.all(
    lanesOf(kit, query).map(async (lane) => {
      const at = place[lane.source]?.[lane.partition] ?? 0;
      if ((heads[lane.source]?.[lane.partition] ?? 0) <= at) return [];
      const records = await kit.log.read(lane, at + 1, STEP);
      if (records.length === STEP) atHead = false;
      const seqs = next[lane.source];
      if (seqs) seqs[lane.partition] = records.at(-1)?.seq ?? at;
      return records.flatMap((record) => eventOf(kit, query, lane.source, record));
    }),
  );
  const events = found.flat().toSorted((a, b) => a.recordedAt - b.recordedAt || a.position - b.position);
  return { events, place: next, atHead };
};

const eventOf = (
  { codec }: Log,
  { types, key }: TailQuery,
  source: string,
  record: LogRecord,
): readonly DecodedEvent[] => {
  if (key !== undefined && record.key !== key) return [];
  if (types !== undefined && !types.includes(codec.peek(record.body).type)) return [];
  return [codec.decode(source, record)];
};

export type Tailing = {
  readonly kit: Log;
  readonly query: TailQuery;
  readonly start: TailPlace;
  readonly heads: () => Promise<TailPlace>;
  readonly cursorOf: (place: TailPlace) => string;
  readonly shown: (event: DecodedEvent) => object;
  /** Resolves after a moment, or when the signal is aborted. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
};

/** Feeds a reader until he goes; answers what stops that. */
export const tailTo = (tailing: Tailing, reader: LiveReader): (() => void) => {
  const stopping = new AbortController();
  // What cannot be read now is asked for again by whoever comes back with the place he had.
  run(tailing, reader, stopping.signal).catch(() => reader.end());
  return () => stopping.abort();
};

const run = async (tailing: Tailing, reader: LiveReader, stopped: AbortSignal): Promise<void> => {
  const { kit, query, heads, cursorOf, shown, pause } = tailing;
  let place = tailing.start;
  reader.mark(cursorOf(place));
  while (!stopped.aborted) {
    const step = await tailStep(kit, query, place, await heads());
    for (const event of step.events) {
      reader.send({ event: 'event', data: shown(event) });
      await reader.drained();
    }
    ({ place } = step);
    if (step.events.length > 0) reader.mark(cursorOf(place));
    if (step.atHead) await pause(stopped);
  }
};
