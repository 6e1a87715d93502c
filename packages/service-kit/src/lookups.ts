// Lookups over the read models of a service.
import type { ProjectionReader } from '@tenure/projections';
import type { StoredDocument } from '@tenure/read-models';
import type { Lookups } from './definition.ts';
import { lookupName } from './party-lookup.ts';

/** One statement's worth; a tick rarely asks for more. */
const MAX_TOGETHER = 500;

type Waiting = {
  readonly id: string;
  readonly resolve: (document: StoredDocument | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** The lookup tables of one service. Rows asked for in one tick are loaded together. */
export const readerLookups = (
  service: string,
  reader: Pick<ProjectionReader, 'load' | 'search'>,
): Lookups => {
  const queues = new Map<string, Waiting[]>();
  const drain = async (table: string): Promise<void> => {
    await Promise.resolve(); // the rest of the tick joins
    const asked = queues.get(table) ?? [];
    queues.delete(table);
    for (let from = 0; from < asked.length; from += MAX_TOGETHER)
      await answer(reader, lookupName(service, table), asked.slice(from, from + MAX_TOGETHER));
  };
  return {
    get: (table, id) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(table);
        if (queue !== undefined) queue.push({ id, resolve, reject });
        else {
          queues.set(table, [{ id, resolve, reject }]);
          void drain(table);
        }
      }),
    search: (table, kind, hash, limit) => reader.search(lookupName(service, table), { kind, hash }, limit),
  };
};

/** Answers all who asked; never rejects. */
const answer = async (
  reader: Pick<ProjectionReader, 'load'>,
  name: string,
  asked: readonly Waiting[],
): Promise<void> => {
  try {
    const found = await reader.load(name, [...new Set(asked.map(({ id }) => id))]);
    for (const { id, resolve } of asked) resolve(found.get(id));
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
};
