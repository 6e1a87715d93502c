// One SQLite file with its statements prepared once.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { basename } from 'node:path';
import { translating } from './errors.ts';

// A writer elsewhere holds the lock for one commit (milliseconds); a checkpoint on a slow disk may take longer.
const BUSY_TIMEOUT_MS = 2_000;
// Queries come in as many texts as lists have combinations of filters; 128 covers them, the oldest text goes.
const MAX_STATEMENTS = 128;

export type SqlValue = string | number | null | Uint8Array;

export type Database = {
  readonly file: string;
  /** Rows as arrays. */
  all<Row>(sql: string, ...values: readonly SqlValue[]): readonly Row[];
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  run(sql: string, ...values: readonly SqlValue[]): number;
  exec(sql: string): void;
  /** BEGIN IMMEDIATE … COMMIT; rolls back and throws on when `work` throws. */
  transaction<T>(work: () => T): T;
  /** Several statements that see one state. */
  snapshot<T>(work: () => T): T;
  close(): void;
};

/** Opens a file. `cacheMb` bounds the page cache of this connection. */
export const openDatabase = (
  path: string,
  options: { readonly readOnly: boolean; readonly cacheMb: number },
): Database => {
  const file = basename(path);
  const connection = translating(
    file,
    () => new DatabaseSync(path, { readOnly: options.readOnly, timeout: BUSY_TIMEOUT_MS }),
  );
  const exec = (sql: string): void => translating(file, () => connection.exec(sql));
  const statements = statementsOf(connection);
  const within = <T>(begin: string, work: () => T): T => {
    exec(begin);
    try {
      const result = work();
      exec('COMMIT');
      return result;
    } catch (error) {
      // On a full disk SQLite has rolled back by itself; then there is nothing left to undo.
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  };
  exec(`PRAGMA cache_size = -${options.cacheMb * 1024}`);
  return {
    file,
    all: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      translating(file, () => statements.of(sql).all(...values) as readonly unknown[] as readonly Row[]),
    get: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      translating(file, () => statements.of(sql).get(...values) as Row | undefined),
    run: (sql, ...values) => translating(file, () => Number(statements.of(sql).run(...values).changes)),
    exec,
    transaction: (work) => within('BEGIN IMMEDIATE', work),
    snapshot: (work) => within('BEGIN', work),
    close() {
      statements.clear();
      if (connection.isOpen) connection.close();
    },
  };
};

/** Statements by their text, prepared at first use; rows come as arrays. */
const statementsOf = (connection: DatabaseSync): { of(sql: string): StatementSync; clear(): void } => {
  const statements = new Map<string, StatementSync>();
  return {
    of(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = connection.prepare(sql);
      statement.setReturnArrays(true);
      const [oldest] = statements.size < MAX_STATEMENTS ? [] : statements.keys();
      if (oldest !== undefined) statements.delete(oldest);
      statements.set(sql, statement);
      return statement;
    },
    clear: () => statements.clear(),
  };
};
