// The customers of a partition as the log knows them, by a key-only scan.
import type { EventLogReader, HashRange } from '@tenure/event-log';
import type { LaneProgress } from './lanes.ts';
import { breathe } from './exclusive.ts';

/** Key-only scans run at millions of records a second: this is a few milliseconds. */
const SCAN_RECORDS = 20_000;

/** Distinct keys that the lanes of a partition hold up to where a generation stands. */
export const keysOfLog = async (
  log: EventLogReader,
  sources: readonly string[],
  partition: number,
  lanes: LaneProgress,
  range: HashRange | null,
): Promise<ReadonlySet<string>> => {
  const keys = new Set<string>();
  for (const source of sources) {
    const lane = { source, partition };
    const end = lanes.seq(lane);
    for (let next = 1; next <= end;) {
      const records = await log.read(lane, next, SCAN_RECORDS, {
        keys: true,
        ...(range && { keyHash: range }),
      });
      for (const { key, seq } of records) if (seq <= end) keys.add(key);
      if (records.length === 0) break;
      next = (records.at(-1)?.seq ?? end) + 1;
      await breathe();
    }
  }
  return keys;
};
