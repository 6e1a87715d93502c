// What a log hands over is folded in transactions of bounded size.
import type { LaneBatch, LogRecord } from '@tenure/event-log';

// One commit: large enough to be worth its transaction, small enough for memory and for the next event's latency.
const MAX_EVENTS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** The same records in the same order per lane, in parts within the limits. One record is always taken. */
export function* withinLimits(
  batches: readonly LaneBatch[],
  maxEvents = MAX_EVENTS,
  maxBytes = MAX_BYTES,
): Generator<readonly LaneBatch[]> {
  let part: LaneBatch[] = [];
  let events = 0;
  let bytes = 0;
  for (const { lane, records } of batches) {
    let taken: LogRecord[] = [];
    for (const record of records) {
      if (events > 0 && (events >= maxEvents || bytes + record.body.length > maxBytes)) {
        yield taken.length > 0 ? [...part, { lane, records: taken }] : part;
        part = [];
        taken = [];
        events = 0;
        bytes = 0;
      }
      taken.push(record);
      events++;
      bytes += record.body.length;
    }
    if (taken.length > 0) part.push({ lane, records: taken });
  }
  if (events > 0) yield part;
}
