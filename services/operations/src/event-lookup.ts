// One event by its id, or by source and position.
import type { LogRecord } from '@tenure/event-log';
import type { DecodedEvent } from '@tenure/events';
import type { Kit } from '@tenure/http';

type Log = Pick<Kit, 'log' | 'codec'>;

/** Read in one go. */
const PAGE = 1_000;
/** Looked through for an id alone, of every lane: about five seconds. Whoever knows the customer names him. */
export const MAX_LOOKED_THROUGH = 1_000_000;

/** The event at a position; null: there is none. */
export const eventAt = async (
  { log, codec }: Log,
  source: string,
  position: number,
): Promise<DecodedEvent | null> => {
  for (let partition = 0; partition < log.partitions; partition++) {
    const lane = { source, partition };
    let [low, high] = [1, await log.head(lane)];
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const [record] = await log.read(lane, middle, 1);
      if (record === undefined) break;
      if (record.position === position) return codec.decode(source, record);
      if (record.position < position) low = middle + 1;
      else high = middle - 1;
    }
  }
  return null;
};

/** The event with an id among those of a key; null: there is none. */
export const eventOfKey = async (
  { log, codec }: Log,
  sources: readonly string[],
  key: string,
  id: string,
): Promise<DecodedEvent | null> => {
  for (const source of sources) {
    const found = withId({ codec }, await log.readKey(source, key), id);
    if (found !== undefined) return codec.decode(source, found);
  }
  return null;
};

/** The event with an id, looked for from the newest backwards; `whole`: everything there is was looked through. */
export const eventWithId = async (
  kit: Log,
  sources: readonly string[],
  id: string,
): Promise<{ readonly event: DecodedEvent | null; readonly whole: boolean }> => {
  const { log, codec } = kit;
  const ends = await Promise.all(
    sources.flatMap((source) =>
      Array.from({ length: log.partitions }, async (_, partition) => {
        const lane = { source, partition };
        return { lane, end: await log.head(lane) };
      }),
    ),
  );
  let looked = 0;
  while (ends.some(({ end }) => end > 0)) {
    for (const one of ends) {
      const from = Math.max(1, one.end - PAGE + 1);
      if (one.end === 0) continue;
      const records = await log.read(one.lane, from, one.end - from + 1);
      const found = withId(kit, records, id);
      if (found !== undefined) return { event: codec.decode(one.lane.source, found), whole: false };
      one.end = from - 1;
      looked += records.length;
      if (looked >= MAX_LOOKED_THROUGH) return { event: null, whole: false };
    }
  }
  return { event: null, whole: true };
};

const withId = (
  { codec }: Pick<Log, 'codec'>,
  records: readonly LogRecord[],
  id: string,
): LogRecord | undefined => records.findLast(({ body }) => codec.peek(body).id === id);
