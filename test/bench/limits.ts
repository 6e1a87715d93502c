// What the machine itself can do, measured in the same run: figures of a shared machine mean nothing without it.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyFolder } from './places.ts';
import { median } from './figures.ts';

/** The median of one flush after 16 kB were written over what is there, ms. */
export const rawFlush = (seconds = 1): number => {
  const file = openSync(join(emptyFolder('raw-flush'), 'file'), 'w+');
  const block = Buffer.alloc(16_384, 1);
  const times: number[] = [];
  for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
    writeSync(file, block, 0, block.length, (times.length % 64) * block.length);
    const begun = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - begun);
  }
  closeSync(file);
  return median(times);
};

/** Events/s of plain `node:sqlite`: groups in one transaction each, into one table without an index. */
export const rawGroupCommit = (group: number, bytes: number, seconds = 1): number => {
  const database = new DatabaseSync(join(emptyFolder('raw-commit'), 'file.db'));
  database.exec(
    'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, key TEXT, body BLOB)',
  );
  const insert = database.prepare('INSERT INTO events (stream, revision, key, body) VALUES (?, ?, ?, ?)');
  const body = Buffer.alloc(bytes, 1);
  let events = 0;
  const begun = performance.now();
  while (performance.now() - begun < seconds * 1_000) {
    database.exec('BEGIN IMMEDIATE');
    for (let i = 0; i < group; i++) insert.run(`order-${events + i}`, 0, `customer-${events + i}`, body);
    database.exec('COMMIT');
    events += group;
  }
  const rate = events / ((performance.now() - begun) / 1_000);
  database.close();
  return rate;
};
