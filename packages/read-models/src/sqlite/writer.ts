// A generation open for writing. WAL with synchronous=NORMAL: a power cut may take the last commits, never half of one;
// what the log still has comes again.
import type { AbsorptionRow, Commit, Generation, GenerationInfo, ModelShape } from '../read-models.ts';
import { aboutOf, writeBuilt } from './about.ts';
import type { Database } from './database.ts';
import { documentWriter, type DocumentWriter } from './document-writer.ts';
import { readerOf } from './reader.ts';
import { createIndexes, FILL_SEARCH } from './schema.ts';

// Pages of 4 kB that gather in the WAL before they are moved to the file: longer, and the move stalls the loop; shorter,
// and hot pages are moved again and again.
const LIVE_CHECKPOINT_PAGES = 4_000;
// A build writes each page about once and flushes by partition; the bound is for one that never flushes.
const BUILD_CHECKPOINT_PAGES = 32_768;

const PARK = `INSERT OR REPLACE INTO parked (key, partition, class, message, source, code_hash, first_position,
  last_position, events, attempts, since, skipped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const REFOLD = `INSERT INTO refold (key, partition, reason) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET reason = excluded.reason`;

/** Wraps an open connection of a generation's file. */
export const writerOf = (database: Database, shape: ModelShape, info: GenerationInfo): Generation => {
  let { built } = aboutOf(database);
  const documents = documentWriter(database, shape.columns);
  const settle = (): void =>
    database.exec(
      `PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${built ? LIVE_CHECKPOINT_PAGES : BUILD_CHECKPOINT_PAGES}`,
    );
  settle();
  const flush = (): void => {
    database.all('PRAGMA wal_checkpoint(TRUNCATE)');
  };
  return {
    ...readerOf(database, shape, info),
    async commit(commit) {
      database.transaction(() => {
        writeDocuments(database, documents, commit, built);
        writeProgress(database, commit);
        for (const row of commit.absorptions ?? []) writeAbsorption(database, row);
      });
    },
    absorptions: async () =>
      database
        .all<[string, string, string]>('SELECT key, absorbed, own FROM absorption ORDER BY key')
        .map(([key, absorbed, own]) => ({
          key,
          absorbed: JSON.parse(absorbed) as AbsorptionRow['absorbed'],
          own: JSON.parse(own) as AbsorptionRow['own'],
        })),
    async finishBuild() {
      if (built) return;
      for (const index of createIndexes(shape.columns)) database.exec(index);
      database.transaction(() => {
        database.run('DELETE FROM search');
        database.run(FILL_SEARCH);
        writeBuilt(database);
      });
      built = true;
      database.exec('PRAGMA optimize = 0x10002'); // measures the indexes, for the choice among filters
      settle();
      flush();
    },
    flush: async () => flush(),
  };
};

const writeAbsorption = (database: Database, { key, absorbed, own }: AbsorptionRow): void => {
  database.run(
    'INSERT OR REPLACE INTO absorption (key, absorbed, own) VALUES (?, ?, ?)',
    key,
    JSON.stringify(absorbed),
    JSON.stringify(own),
  );
};

// Removals go before writes, so that a document both removed and written is there afterwards.
const writeDocuments = (
  database: Database,
  documents: DocumentWriter,
  commit: Commit,
  keepSearch: boolean,
): void => {
  for (const id of commit.remove) documents.remove(id, keepSearch);
  const last = new Map<number, number>();
  for (const document of commit.documents) {
    const { partition } = document;
    const change = (last.get(partition) ?? lastChange(database, partition)) + 1;
    documents.write(document, change, keepSearch);
    last.set(partition, change);
  }
  for (const [partition, change] of last)
    database.run('INSERT OR REPLACE INTO change (partition, last) VALUES (?, ?)', partition, change);
};

const lastChange = (database: Database, partition: number): number =>
  database.get<[number]>('SELECT last FROM change WHERE partition = ?', partition)?.[0] ?? 0;

const writeProgress = (database: Database, commit: Commit): void => {
  for (const { source, partition, seq, position } of commit.checkpoints)
    database.run(
      'INSERT OR REPLACE INTO checkpoint (source, partition, seq, position) VALUES (?, ?, ?, ?)',
      source,
      partition,
      seq,
      position,
    );
  for (const key of commit.unpark) database.run('DELETE FROM parked WHERE key = ?', key);
  for (const row of commit.park)
    database.run(
      PARK,
      row.key,
      row.partition,
      row.class,
      row.message,
      row.source,
      row.codeHash,
      row.firstPosition,
      row.lastPosition,
      row.events,
      row.attempts,
      row.since,
      row.skipped,
    );
  for (const key of commit.refolded) database.run('DELETE FROM refold WHERE key = ?', key);
  for (const { key, partition, reason } of commit.refold) database.run(REFOLD, key, partition, reason);
};
