// ReadModels on SQLite: a file per generation (`<model>.g<N>.db`), so a build never holds the live file's lock, and a
// registry that says which file readers get.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TenureError } from '@tenure/core';
import type { GenerationInfo, ModelShape, ReadModels } from '../read-models.ts';
import { aboutOf } from './about.ts';
import { connectionsOf, type Connections } from './connections.ts';
import { readerOf } from './reader.ts';
import { checkShape } from './schema.ts';
import { makeStore, removeStore } from './store-file.ts';
import { writerOf } from './writer.ts';

/**
 * Opens the read models under `dir` (made when missing). `readOnly`: for a thread or process that only reads, beside the
 * one that writes; it may open before the first writer has made anything. Errors: UNAVAILABLE and DISK_FULL
 * (retriable), CORRUPT, FSYNC_FAILED, TOO_MANY_OPEN.
 */
export const openSqliteReadModels = (options: {
  readonly dir: string;
  readonly readOnly?: boolean;
}): ReadModels => {
  const { dir, readOnly = false } = options;
  if (!readOnly) mkdirSync(dir, { recursive: true });
  const pathOf: PathOf = (model, generation) => join(dir, `${model}.g${generation}.db`);
  const connections = connectionsOf(dir, readOnly);
  if (!readOnly) removeDropped(connections, pathOf);
  return {
    generations: async () => connections.registry()?.list() ?? [],
    active: async (model) => connections.registry()?.active(model) ?? null,
    ...storesOf(connections, pathOf),
    activate: async (...args) => connections.writable().activate(...args),
    setState: async (...args) => connections.writable().setState(...args),
    async drop(model, generation) {
      connections.writable().drop(model, generation);
      removeStore(pathOf(model, generation));
    },
    close: async () => connections.close(),
  };
};

type PathOf = (model: string, generation: number) => string;

// A drop that was interrupted between the list and the file.
const removeDropped = (connections: Connections, pathOf: PathOf): void => {
  for (const { model, generation } of connections.writable().dropped())
    removeStore(pathOf(model, generation));
};

const storesOf = (
  connections: Connections,
  pathOf: PathOf,
): Pick<ReadModels, 'create' | 'openWriter' | 'openReader'> => {
  const infoOf = (shape: ModelShape, generation: number): GenerationInfo => {
    checkShape(shape);
    const info = connections.registry()?.info(shape.model, generation);
    if (info === undefined || !existsSync(pathOf(shape.model, generation)))
      throw new TenureError('NOT_FOUND', `There is no generation ${generation} of ${shape.model}.`);
    return info;
  };
  return {
    async create(shape, about) {
      checkShape(shape);
      const info = connections
        .writable()
        .create(shape.model, about, (generation) =>
          makeStore(pathOf(shape.model, generation), shape.columns),
        );
      const path = pathOf(shape.model, info.generation);
      return connections.open(path, false, (database) => writerOf(database, shape, info));
    },
    async openWriter(shape, generation) {
      connections.writable();
      const info = infoOf(shape, generation);
      return connections.open(pathOf(shape.model, generation), false, (database) => {
        if (JSON.stringify(aboutOf(database).columns) !== JSON.stringify(shape.columns))
          throw new TenureError(
            'ILLEGAL_STATE',
            `Generation ${generation} of ${shape.model} was made with other columns: build a new one.`,
          );
        return writerOf(database, shape, info);
      });
    },
    async openReader(shape, generation) {
      const info = infoOf(shape, generation);
      return connections.open(pathOf(shape.model, generation), true, (database) =>
        readerOf(database, shape, info),
      );
    },
  };
};
