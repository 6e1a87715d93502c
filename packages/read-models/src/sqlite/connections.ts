// The connections of one opening of the read models: the registry, and a bounded number of generations.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TenureError } from '@tenure/core';
import { openDatabase, type Database } from './database.ts';
import { isPrepared, prepareRegistry, registryOf, type Registry } from './registry.ts';

// A connection holds file handles and a page cache. A deployment has some thirty models with two generations each, read
// and written: beyond this many, somebody forgets to close.
const MAX_OPEN_GENERATIONS = 256;
const READER_CACHE_MB = 8;
const WRITER_CACHE_MB = 64; // the upper levels of the indexes of a million documents
const REGISTRY_CACHE_MB = 1;

export type Connections = {
  /** Undefined while nobody has written anything yet. */
  registry(): Registry | undefined;
  /** @throws READ_ONLY */
  writable(): Registry;
  /** Opens a generation's file for what `make` makes of it; closing that closes the file. @throws TOO_MANY_OPEN */
  open<T extends object>(path: string, readOnly: boolean, make: (database: Database) => T): T;
  close(): void;
};

export const connectionsOf = (dir: string, readOnly: boolean): Connections => {
  const registry = lazyRegistry(join(dir, 'registry.db'), readOnly);
  const generations = new Set<Database>();
  const openGeneration = (path: string, readOnlyFile: boolean): Database => {
    if (generations.size >= MAX_OPEN_GENERATIONS)
      throw new TenureError(
        'TOO_MANY_OPEN',
        `${MAX_OPEN_GENERATIONS} generations are open: close readers that are done.`,
      );
    const cacheMb = readOnlyFile ? READER_CACHE_MB : WRITER_CACHE_MB;
    const connection = openDatabase(path, { readOnly: readOnlyFile, cacheMb });
    const database: Database = {
      ...connection,
      close() {
        generations.delete(database);
        connection.close();
      },
    };
    generations.add(database);
    return database;
  };
  return {
    registry: () => registry.get(),
    writable() {
      const calls = readOnly ? undefined : registry.get();
      if (calls === undefined)
        throw new TenureError('READ_ONLY', 'These read models were opened for reading alone.');
      return calls;
    },
    open(path, readOnlyFile, make) {
      const database = openGeneration(path, readOnlyFile);
      try {
        return make(database);
      } catch (error) {
        database.close();
        throw error;
      }
    },
    close() {
      for (const database of generations) database.close();
      registry.close();
    },
  };
};

/** The registry, opened when it is first asked for; made by a writer, awaited by a reader. */
const lazyRegistry = (path: string, readOnly: boolean): { get(): Registry | undefined; close(): void } => {
  let open: { readonly database: Database; readonly registry: Registry } | undefined;
  return {
    get() {
      if (open !== undefined) return open.registry;
      if (readOnly && !existsSync(path)) return undefined;
      const database = openDatabase(path, { readOnly, cacheMb: REGISTRY_CACHE_MB });
      if (!readOnly) prepareRegistry(database);
      else if (!isPrepared(database)) {
        database.close(); // its writer is just making it
        return undefined;
      }
      open = { database, registry: registryOf(database) };
      return open.registry;
    },
    close() {
      open?.database.close();
      open = undefined;
    },
  };
};
