// The tables and lists of services in memory, folded by the real engine.
import type { Codec } from '@tenure/events';
import { searchHashes } from '@tenure/events';
import type { EventLog } from '@tenure/event-log';
import type { KeyStore } from '@tenure/keys';
import { createProjectionReader, startProjections, type ProjectionReader } from '@tenure/projections';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import type { ServiceDefinition } from '@tenure/service-kit';
import type { KeyObject } from 'node:crypto';

export type Tables = {
  readonly reader: ProjectionReader;
  caughtUp(): Promise<boolean>;
  stop(): Promise<void>;
};

type Under = {
  readonly services: readonly ServiceDefinition[];
  readonly log: EventLog;
  readonly codec: Codec;
  readonly keys: KeyStore;
  readonly pepper: KeyObject;
  readonly region: string;
  readonly now: () => number;
};

/** A table that is not there at once is asked for again some turns later: nothing here takes longer. */
const PATIENCE_TURNS = 200;

const timer = (_ms: number, done: () => void): (() => void) => {
  let left = PATIENCE_TURNS;
  let timeout: NodeJS.Immediate;
  const next = (): void => {
    if (left-- > 0) timeout = setImmediate(next);
    else done();
  };
  next();
  return () => clearImmediate(timeout);
};

export const openTables = async (under: Under): Promise<Tables> => {
  const { services, log, codec, keys, pepper, region, now } = under;
  const definitions = services
    .flatMap(({ lookups = [], aggregates }) => [...lookups, ...aggregates.flatMap(({ list }) => list ?? [])])
    .map((definition) => ({ definition, codeHash: 'code-1' }));
  const readModels = openMemoryReadModels();
  const reader = await createProjectionReader({ readModels, projections: definitions, timer });
  const engine = await startProjections({
    ...{ log, readModels, codec, keys, definitions },
    searchHashes: (kind, value) => searchHashes(pepper, region, kind, value),
    clock: { now },
    onProgress: (progress) => void reader.advance(progress),
  });
  return {
    reader,
    async caughtUp() {
      for (const { definition } of definitions)
        if (!(await engine.control.caughtUp(definition.name))) return false;
      return true;
    },
    stop: () => engine.stop(),
  };
};
