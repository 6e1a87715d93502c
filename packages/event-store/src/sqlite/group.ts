// Writing: a group of appends becomes one transaction, each append decided on its own before it touches the file.
import type { DatabaseSync } from 'node:sqlite';
import type { TenureError } from '@tenure/core';
import { eventIdOf, judge, wrongExpectedRevision, type Stream } from '../append.ts';
import type { Appended, Expected, NewEvent, StoredEvent } from '../event-store.ts';
import { headCache, type Head } from './heads.ts';
import { checksumOf } from './rows.ts';

export type Append = {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly NewEvent[];
};

/** What became of one append of the group: a conflict of one does not touch the others. */
export type Outcome = Appended | { readonly conflict: TenureError };

export type GroupWriter = {
  /** Position of the newest event that is flushed. */
  readonly position: () => number;
  /** One transaction, flushed when this returns. Throws SQLite's error when nothing of the group was written. */
  readonly write: (group: readonly Append[]) => Written;
};

/** `outcomes` one per append; `events` what was written, in position order (the bodies are the callers'). */
export type Written = { readonly outcomes: readonly Outcome[]; readonly events: readonly StoredEvent[] };

export const groupWriter = (database: DatabaseSync): GroupWriter => {
  const sql = statements(database);
  const heads = headCache((stream) => loadHead(sql, stream));
  let position = numberOf(sql.lastPosition.get());
  let streamId = numberOf(sql.lastStream.get());
  let written: StoredEvent[] = [];

  const appendOne = ({ stream, expected, events }: Append): Outcome => {
    const head = heads.of(stream);
    const verdict = judge(expected, streamAt(sql, head), events);
    if (verdict === 'conflict') return { conflict: wrongExpectedRevision(stream, expected, head.revision) };
    if (verdict !== 'write')
      return {
        revision: verdict.repeats,
        position: numberOf(sql.positionAt.get(head.id, verdict.repeats)),
        repeated: true,
      };
    const id = head.id === 0 ? ++streamId : head.id;
    if (head.id === 0) sql.insertStream.run(id, stream);
    const loose = expected === 'any' || expected === 'exists' ? 1 : 0;
    let { revision } = head;
    for (const { key, body } of events) {
      position++;
      revision++;
      const checksum = checksumOf(position, stream, revision, key, body);
      sql.insertEvent.run(position, id, revision, loose, key, checksum, body);
      written.push({ position, stream, revision, key, body });
    }
    heads.set(stream, { id, revision });
    return { revision, position };
  };

  return {
    position: () => position,
    write(group) {
      const before = { position, streamId };
      written = [];
      try {
        sql.begin.run();
        const outcomes = group.map(appendOne);
        sql.commit.run();
        return { outcomes, events: written };
      } catch (error) {
        ({ position, streamId } = before);
        heads.forget();
        if (database.isTransaction) sql.rollback.run(); // a full disk may have rolled back by itself
        throw error;
      }
    },
  };
};

type Statements = ReturnType<typeof statements>;

const statements = (database: DatabaseSync) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  commit: database.prepare('COMMIT'),
  rollback: database.prepare('ROLLBACK'),
  insertStream: database.prepare('INSERT INTO streams (id, name) VALUES (?, ?)'),
  insertEvent: database.prepare(
    'INSERT INTO events (position, stream, revision, loose, key, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ),
  lastPosition: database.prepare('SELECT coalesce(max(position), 0) AS value FROM events'),
  lastStream: database.prepare('SELECT coalesce(max(id), 0) AS value FROM streams'),
  streamId: database.prepare('SELECT id AS value FROM streams WHERE name = ?'),
  lastRevision: database.prepare('SELECT coalesce(max(revision), -1) AS value FROM events WHERE stream = ?'),
  positionAt: database.prepare('SELECT position AS value FROM events WHERE stream = ? AND revision = ?'),
  idAt: database.prepare('SELECT body AS value FROM events WHERE stream = ? AND revision = ?'),
  looseId: database.prepare(
    'SELECT revision AS value FROM events WHERE loose = 1 AND stream = ? AND substr(body, 1, 16) = ?',
  ),
});

const loadHead = (sql: Statements, stream: string): Head => {
  const id = sql.streamId.get(stream)?.['value'];
  return id === undefined
    ? { id: 0, revision: -1 }
    : { id: Number(id), revision: numberOf(sql.lastRevision.get(id)) };
};

const streamAt = (sql: Statements, { id, revision }: Head): Stream => ({
  revision,
  idAt(at) {
    const body = sql.idAt.get(id, at)?.['value'];
    return body instanceof Uint8Array ? eventIdOf(body) : undefined;
  },
  revisionOf(eventId) {
    const found = sql.looseId.get(id, eventId)?.['value'];
    return found === undefined ? undefined : Number(found);
  },
});

const numberOf = (row: Readonly<Record<string, unknown>> | undefined): number => Number(row?.['value']);
