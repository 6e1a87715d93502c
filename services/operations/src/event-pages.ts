// Pages of events straight from the log: newest first, by source and type, or all of one key.
import type { LogRecord } from '@tenure/event-log';
import type { DecodedEvent } from '@tenure/events';
import type { Kit } from '@tenure/http';

export type EventQuery = {
  readonly source: string;
  readonly type: string | undefined;
  readonly key: string | undefined;
  /** Positions below this one; undefined: from the newest. */
  readonly before: number | undefined;
  readonly limit: number;
};

export type EventPage = { readonly events: readonly DecodedEvent[]; readonly next: number | null };

/** Records read per lane for one page: a rare type needs several pages rather than one long wait. */
const SCAN = 1000;

/** One page. `next`: pass as `before`; null: there is nothing older. */
export const eventPage = async (kit: Kit, query: EventQuery): Promise<EventPage> => {
  const { records, oldest } =
    query.key === undefined ? await newest(kit, query) : await ofKey(kit, query, query.key);
  const found: DecodedEvent[] = [];
  for (const record of records) {
    if (query.type !== undefined && kit.codec.peek(record.body).type !== query.type) continue;
    found.push(kit.codec.decode(query.source, record));
    if (found.length === query.limit) return { events: found, next: record.position };
  }
  return { events: found, next: oldest };
};

type Scan = { readonly records: readonly LogRecord[]; readonly oldest: number | null };

const ofKey = async (kit: Kit, query: EventQuery, key: string): Promise<Scan> => {
  const upTo = query.before === undefined ? undefined : query.before - 1;
  const records = await kit.log.readKey(query.source, key, upTo);
  return { records: records.toReversed(), oldest: null };
};

/** The newest records of every lane, as far back as all of them reach. */
const newest = async (kit: Kit, query: EventQuery): Promise<Scan> => {
  const before = query.before ?? Number.POSITIVE_INFINITY;
  const lanes = await Promise.all(
    Array.from({ length: kit.log.partitions }, async (_, partition) => {
      const lane = { source: query.source, partition };
      const end = await lastBelow(kit, lane, before);
      const from = Math.max(1, end - SCAN + 1);
      const records = end === 0 ? [] : await kit.log.read(lane, from, end - from + 1);
      return { records, whole: from === 1 };
    }),
  );
  // Below the youngest start of an unfinished lane nothing is complete.
  const horizon = Math.max(
    0,
    ...lanes.map(({ records, whole }) => (whole ? 0 : (records[0]?.position ?? 0))),
  );
  const records = lanes
    .flatMap((lane) => lane.records)
    .filter(({ position }) => position >= horizon && position < before)
    .toSorted((a, b) => b.position - a.position);
  return { records, oldest: horizon === 0 ? null : horizon };
};

/** seq of the last record of a lane below a position, by bisection; 0: none. */
const lastBelow = async (
  kit: Kit,
  lane: { source: string; partition: number },
  before: number,
): Promise<number> => {
  let [low, high] = [0, await kit.log.head(lane)];
  if (before === Number.POSITIVE_INFINITY) return high;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [record] = await kit.log.read(lane, middle, 1);
    if (record === undefined || record.position >= before) high = middle - 1;
    else low = middle;
  }
  return low;
};
