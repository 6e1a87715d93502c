// Pages of events straight from the log: newest first, over sources and types, or all of one key.
import type { LogRecord } from '@tenure/event-log';
import type { DecodedEvent, EventHead } from '@tenure/events';
import type { Kit } from '@tenure/http';

/** Per source the position below which the next page begins. */
export type PageStart = Readonly<Record<string, number>>;

export type EventQuery = {
  readonly sources: readonly string[];
  /** Undefined: all. */
  readonly types?: readonly string[] | undefined;
  readonly key?: string | undefined;
  /** Nothing that was recorded before this instant (ms). */
  readonly from?: number | undefined;
  /** Where the page before ended; undefined: from the newest. */
  readonly start?: PageStart | undefined;
  readonly limit: number;
};

/** `next` null: there is nothing older. A page may be short or empty before that: rare types take several. */
export type EventPage = { readonly events: readonly DecodedEvent[]; readonly next: PageStart | null };

type Log = Pick<Kit, 'log' | 'codec'>;

/** Records per lane for one page when most of them are of other types: several pages rather than one long wait. */
const SCAN = 200;

/**
 * One page: in each source by position, over the sources by the time of recording. Every event stands on one page,
 * whatever is recorded meanwhile.
 */
export const eventPage = async (kit: Log, query: EventQuery): Promise<EventPage> => {
  const scans = await Promise.all(query.sources.map((source) => scanOf(kit, query, source)));
  const events: DecodedEvent[] = [];
  for (;;) {
    // A source that ends before its beginning may hold something newer than all others have: the page ends with it.
    const cut = scans.some((scan) => scan.records.length === 0 && !scan.whole);
    const scan = cut ? undefined : newestOf(scans);
    if (scan === undefined || events.length === query.limit) break;
    const [next] = scan.records.splice(0, 1);
    if (next === undefined) break;
    scan.before = next.record.position;
    if (query.types === undefined || query.types.includes(next.head.type))
      events.push(kit.codec.decode(scan.source, next.record));
  }
  const over = scans.every(({ records, whole }) => records.length === 0 && whole);
  const reached = scans.flatMap(({ source, before }) =>
    Number.isFinite(before) ? [[source, before] as const] : [],
  );
  return { events, next: over ? null : Object.fromEntries(reached) };
};

type Read = { readonly record: LogRecord; readonly head: EventHead };

/** What of a source lies ready, newest first; `whole`: there is nothing behind it. `before`: position reached so far. */
type Scan = { readonly source: string; readonly records: Read[]; readonly whole: boolean; before: number };

const newestOf = (scans: readonly Scan[]): Scan | undefined => {
  let newest: { readonly scan: Scan; readonly at: number } | undefined;
  for (const scan of scans) {
    const at = scan.records[0]?.head.recordedAt;
    if (at !== undefined && (newest === undefined || at > newest.at)) newest = { scan, at };
  }
  return newest?.scan;
};

const scanOf = async (kit: Log, query: EventQuery, source: string): Promise<Scan> => {
  const before = query.start?.[source] ?? Number.POSITIVE_INFINITY;
  const { records, whole } =
    query.key === undefined
      ? await newestRecords(kit, query, source, before)
      : { records: await ofKey(kit, source, query.key, before), whole: true };
  const read = records.map((record) => ({ record, head: kit.codec.peek(record.body) }));
  const old =
    query.from === undefined ? -1 : read.findIndex(({ head }) => head.recordedAt < (query.from ?? 0));
  // What is older than asked for ends the source: positions grow with the time of recording.
  return old < 0
    ? { source, records: read, whole, before }
    : { source, records: read.slice(0, old), whole: true, before };
};

const ofKey = async (
  { log }: Log,
  source: string,
  key: string,
  before: number,
): Promise<readonly LogRecord[]> => {
  const records = await log.readKey(source, key, Number.isFinite(before) ? before - 1 : undefined);
  return records.toReversed();
};

/** The newest records of every lane, as far back as all of them reach. */
const newestRecords = async (
  { log }: Log,
  { limit, types }: EventQuery,
  source: string,
  before: number,
): Promise<{ readonly records: readonly LogRecord[]; readonly whole: boolean }> => {
  const count = types === undefined ? limit : Math.max(SCAN, limit);
  const lanes = await Promise.all(
    Array.from({ length: log.partitions }, async (_, partition) => {
      const lane = { source, partition };
      const end = await lastBelow(log, lane, before);
      const from = Math.max(1, end - count + 1);
      const records = end === 0 ? [] : await log.read(lane, from, end - from + 1);
      return { records, whole: from === 1 };
    }),
  );
  // Below the youngest start of an unfinished lane nothing is complete.
  const horizon = Math.max(
    0,
    ...lanes.map(({ records, whole }) => (whole ? 0 : (records[0]?.position ?? 0))),
  );
  // A source that is copied to every lane has each event once per lane.
  const byPosition = new Map<number, LogRecord>();
  for (const { records } of lanes) for (const record of records) byPosition.set(record.position, record);
  const records = [...byPosition.values()].filter(({ position }) => position >= horizon && position < before);
  return { records: records.toSorted((a, b) => b.position - a.position), whole: horizon === 0 };
};

/** seq of the last record of a lane below a position, by bisection; 0: none. */
const lastBelow = async (
  log: Log['log'],
  lane: { source: string; partition: number },
  before: number,
): Promise<number> => {
  let [low, high] = [0, await log.head(lane)];
  if (before === Number.POSITIVE_INFINITY) return high;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [record] = await log.read(lane, middle, 1);
    if (record === undefined || record.position >= before) high = middle - 1;
    else low = middle;
  }
  return low;
};
