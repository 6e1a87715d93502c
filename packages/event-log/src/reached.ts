// Has the log what a reader has read? After a power cut it may be behind its readers until the relay has sent the rest
// again; after a restore from a backup it stays behind.
import type { EventLog, Lane } from './event-log.ts';
import { backOff, type Pause } from './pause.ts';

/** The last record that a reader has read of a lane; without its position any record in its place will do. */
export type LanePlace = Lane & { readonly seq: number; readonly position?: number };

/** With the back-off this is half a minute in which nothing arrives: then nothing will. */
const ATTEMPTS = 9;

/**
 * Resolves with true as soon as every lane holds the record at its place; with false when another record is there, when
 * the log does not get on, and when the signal is aborted.
 */
export const logReaches = async (
  log: Pick<EventLog, 'head' | 'read'>,
  places: readonly LanePlace[],
  pause: Pause,
  signal: AbortSignal,
): Promise<boolean> => {
  let missing = places.filter(({ seq }) => seq > 0);
  let before = -1;
  for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt++) {
    const behind: LanePlace[] = [];
    let heads = 0;
    for (const place of missing) {
      const head = await log.head(place);
      heads += head;
      if (head < place.seq) behind.push(place);
      else if (!(await holds(log, place))) return false;
    }
    if (behind.length === 0) return true;
    if (heads > before) attempt = 0; // it is getting on
    before = behind.length < missing.length ? -1 : heads;
    missing = behind;
    await pause(backOff(attempt), signal);
  }
  return false;
};

const holds = async (log: Pick<EventLog, 'read'>, place: LanePlace): Promise<boolean> => {
  if (place.position === undefined) return true;
  const [record] = await log.read(place, place.seq, 1, { keys: true });
  return record?.position === place.position;
};
