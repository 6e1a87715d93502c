// Which generations there are and which one readers get: one small file, flushed with every change.
import { TenureError } from '@tenure/core';
import type { GenerationInfo, GenerationState, ReadModels } from '../read-models.ts';
import type { Database } from './database.ts';

// Rows of dropped generations stay, so that a number is never given twice.
const TABLES = `
CREATE TABLE IF NOT EXISTS generation (
  number INTEGER PRIMARY KEY, model TEXT NOT NULL, generation INTEGER NOT NULL, state TEXT NOT NULL,
  code_hash TEXT NOT NULL, version INTEGER NOT NULL, partitions INTEGER NOT NULL,
  created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, verified TEXT, error TEXT, dropped INTEGER NOT NULL,
  UNIQUE (model, generation)
);
CREATE TABLE IF NOT EXISTS alias (model TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
`;

type Row = readonly [
  model: string,
  generation: number,
  state: GenerationState,
  codeHash: string,
  version: number,
  partitions: number,
  createdAt: number,
  changedAt: number,
  verified: string | null,
  error: string | null,
];

const SELECT = `SELECT model, generation, state, code_hash, version, partitions, created_at, changed_at, verified, error
  FROM generation WHERE dropped = 0`;

const infoOf = ([
  model,
  generation,
  state,
  codeHash,
  version,
  partitions,
  createdAt,
  changedAt,
  verified,
  error,
]: Row): GenerationInfo => ({
  model,
  generation,
  state,
  codeHash,
  version,
  partitions,
  createdAt,
  changedAt,
  verified: verified === null ? null : (JSON.parse(verified) as GenerationInfo['verified']),
  error,
});

export type Registry = {
  list(): readonly GenerationInfo[];
  dropped(): readonly { readonly model: string; readonly generation: number }[];
  /** @throws NOT_FOUND */
  info(model: string, generation: number): GenerationInfo;
  active(model: string): number | null;
  /** Reserves a number; the row stands once `makeStore` has made the file. */
  create(
    model: string,
    about: Parameters<ReadModels['create']>[1],
    makeStore: (generation: number) => void,
  ): GenerationInfo;
  activate(model: string, from: number | null, to: number, now: number): boolean;
  setState(...args: Parameters<ReadModels['setState']>): void;
  /** Takes a generation off the list. @throws ILLEGAL_STATE for the active one. */
  drop(model: string, generation: number): void;
};

export const prepareRegistry = (database: Database): void =>
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE; ${TABLES} COMMIT`);

/** False while the first writer has not made the tables yet. */
export const isPrepared = (database: Database): boolean =>
  database.get<[number]>("SELECT count(*) FROM sqlite_schema WHERE name = 'alias'")?.[0] === 1;

/** The registry over its open file. */
export const registryOf = (database: Database): Registry => ({
  list: () => database.all<Row>(`${SELECT} AND state <> 'retired' ORDER BY number`).map(infoOf),
  dropped: () =>
    database
      .all<[string, number]>('SELECT model, generation FROM generation WHERE dropped = 1')
      .map(([model, generation]) => ({ model, generation })),
  info: (...which) => find(database, ...which),
  active: (model) => aliasOf(database, model),
  create: (...args) => database.transaction(() => create(database, ...args)),
  activate: (model, from, to, now) =>
    database.transaction(() => {
      find(database, model, to);
      if (aliasOf(database, model) !== from) return false;
      if (from !== null && from !== to) move(database, model, from, 'standby', now);
      move(database, model, to, 'active', now);
      database.run('INSERT OR REPLACE INTO alias (model, generation) VALUES (?, ?)', model, to);
      return true;
    }),
  setState: (...args) => database.transaction(() => setState(database, ...args)),
  drop: (model, generation) =>
    database.transaction(() => {
      if (aliasOf(database, model) === generation)
        throw new TenureError(
          'ILLEGAL_STATE',
          `Generation ${generation} of ${model} is active: activate another one first.`,
          { model, generation },
        );
      database.run('UPDATE generation SET dropped = 1 WHERE model = ? AND generation = ?', model, generation);
    }),
});

const aliasOf = (database: Database, model: string): number | null =>
  database.get<[number]>('SELECT generation FROM alias WHERE model = ?', model)?.[0] ?? null;

const find = (database: Database, model: string, generation: number): GenerationInfo => {
  const row = database.get<Row>(`${SELECT} AND model = ? AND generation = ?`, model, generation);
  if (row !== undefined) return infoOf(row);
  throw new TenureError('NOT_FOUND', `There is no generation ${generation} of ${model}.`, {
    model,
    generation,
  });
};

const move = (
  database: Database,
  model: string,
  generation: number,
  state: GenerationState,
  now: number,
): void => {
  database.run(
    'UPDATE generation SET state = ?, changed_at = ? WHERE model = ? AND generation = ?',
    state,
    now,
    model,
    generation,
  );
};

const create = (database: Database, ...[model, about, makeStore]: Parameters<Registry['create']>) => {
  const newest = database.get<[number | null]>(
    'SELECT max(generation) FROM generation WHERE model = ?',
    model,
  );
  const generation = (newest?.[0] ?? 0) + 1;
  makeStore(generation);
  database.run(
    `INSERT INTO generation (model, generation, state, code_hash, version, partitions, created_at, changed_at, dropped)
       VALUES (?, ?, 'building', ?, ?, ?, ?, ?, 0)`,
    model,
    generation,
    about.codeHash,
    about.version,
    about.partitions,
    about.now,
    about.now,
  );
  return find(database, model, generation);
};

const setState = (
  database: Database,
  ...[model, generation, state, about]: Parameters<ReadModels['setState']>
): void => {
  const before = find(database, model, generation);
  const { verified = before.verified, error = before.error } = about;
  move(database, model, generation, state, about.now);
  database.run(
    'UPDATE generation SET verified = ?, error = ? WHERE model = ? AND generation = ?',
    verified === null ? null : JSON.stringify(verified),
    error,
    model,
    generation,
  );
};
