// Reading: rows become events only when their checksum holds and none is missing between them.
import { crc32 } from 'node:zlib';
import type { DatabaseSync } from 'node:sqlite';
import type { StoredEvent } from '../event-store.ts';
import { corrupt, readFailure } from './failure.ts';

/** Covers everything an event is, and its place: a row that moved is as wrong as one that changed. */
export const checksumOf = (
  position: number,
  stream: string,
  revision: number,
  key: string,
  body: Uint8Array,
): number => crc32(body, crc32(`${position}|${stream}|${revision}|${key}|`));

/** How much one page may take. A page holds at least one event. */
export type PageLimit = { readonly events: number; readonly bytes: number };

export interface Rows {
  /** Events of a stream from a revision (inclusive). */
  ofStream(stream: string, from: number, limit: PageLimit): readonly StoredEvent[];
  /** Events after a position; `last` is the newest position there is. */
  after(position: number, last: number, limit: PageLimit): readonly StoredEvent[];
}

type Row = [
  position: number,
  stream: string,
  revision: number,
  key: string,
  checksum: number,
  body: Uint8Array,
];

const COLUMNS = 'e.position, s.name, e.revision, e.key, e.checksum, e.body';

export const rowsOf = (database: DatabaseSync): Rows => {
  const ofStream = database.prepare(
    `SELECT ${COLUMNS} FROM streams s JOIN events e ON e.stream = s.id
     WHERE s.name = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`,
  );
  const after = database.prepare(
    `SELECT ${COLUMNS} FROM events e JOIN streams s ON s.id = e.stream
     WHERE e.position > ? ORDER BY e.position LIMIT ?`,
  );
  for (const statement of [ofStream, after]) statement.setReturnArrays(true);

  return {
    ofStream(stream, from, limit) {
      const rows = ofStream.iterate(stream, from, limit.events) as Iterable<unknown> as Iterable<Row>;
      const events = page(rows, limit.bytes);
      events.forEach((event, i) => {
        if (event.revision !== from + i)
          throw corrupt(`An event is missing in a stream.`, { stream, revision: from + i });
      });
      return events;
    },
    after(position, last, limit) {
      const rows = after.iterate(position, limit.events) as Iterable<unknown> as Iterable<Row>;
      const events = page(rows, limit.bytes);
      events.forEach((event, i) => {
        if (event.position !== position + 1 + i)
          throw corrupt('An event is missing.', { position: position + 1 + i });
      });
      if (events.length === 0 && position < last && limit.events > 0)
        throw corrupt('An event is missing.', { position: position + 1 });
      return events;
    },
  };
};

// Leaving the loop resets the statement: no read transaction stays open, so checkpoints are never held up.
const page = (rows: Iterable<Row>, maxBytes: number): StoredEvent[] => {
  const events: StoredEvent[] = [];
  let bytes = 0;
  try {
    for (const row of rows) {
      const event = verified(row);
      events.push(event);
      if ((bytes += event.body.length) >= maxBytes) break;
    }
  } catch (error) {
    throw readFailure(error);
  }
  return events;
};

const verified = ([position, stream, revision, key, checksum, body]: Row): StoredEvent => {
  if (checksumOf(position, stream, revision, key, body) !== checksum)
    throw corrupt('The checksum of an event does not match.', { position });
  return { position, stream, revision, key, body };
};
