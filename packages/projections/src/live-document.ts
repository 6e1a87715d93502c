// A document in memory: what the folds work on. Its slices belong to the engine; nobody else may keep them.
import type { DecodedEvent, SealedBlock } from '@tenure/events';
import type { StoredDocument, Vector } from '@tenure/read-models';
import type { Rules } from './rules.ts';

export type LiveDocument = {
  readonly id: string;
  readonly key: string;
  readonly partition: number;
  readonly slices: Record<string, unknown>;
  readonly vector: Record<string, number>;
  /** The vector as it lies in the store. */
  stored: Vector;
  /** The sealed blocks as they lie in the store, and those that came since. */
  sealed: Uint8Array | null;
  added: SealedBlock[];
  /** All of them by event id, once somebody asked; null after a change. */
  blocks: ReadonlyMap<string, SealedBlock> | null;
  /** Length of the stored body (characters): what the document weighs in the cache. */
  weight: number;
  /** Hashes of sealed values already opened for the search, by reference. */
  readonly hashes: Map<string, readonly string[]>;
};

export type DocumentPlace = { readonly id: string; readonly key: string; readonly partition: number };

/** A document nothing has happened to: every slice stands with its `init()`. */
export const newDocument = (rules: Rules, { id, key, partition }: DocumentPlace): LiveDocument => {
  const slices: Record<string, unknown> = {};
  for (const [source, slice] of rules.slices) slices[source] = slice.init();
  return {
    id,
    key,
    partition,
    slices,
    vector: {},
    stored: {},
    sealed: null,
    added: [],
    blocks: null,
    weight: 0,
    hashes: new Map(),
  };
};

/** @throws SyntaxError when the stored body is no JSON. */
export const fromStored = (rules: Rules, stored: StoredDocument): LiveDocument => {
  const document = newDocument(rules, stored);
  if (stored.body !== '')
    Object.assign(document.slices, (JSON.parse(stored.body) as { slices: object }).slices);
  Object.assign(document.vector, stored.vector);
  return { ...document, stored: stored.vector, sealed: stored.sealed, weight: stored.body.length };
};

/**
 * Folds one event in, unless it was folded before; answers whether it was new. What a slice throws goes through,
 * and the document is then no longer to be used: a handler may have changed a part of it.
 */
export const applyEvent = (rules: Rules, document: LiveDocument, event: DecodedEvent): boolean => {
  const { source } = event;
  if (event.position <= (document.vector[source] ?? 0)) return false;
  const handler = rules.slices.get(source)?.on[event.type];
  if (handler === undefined) return false;
  document.slices[source] = handler(document.slices[source], event, document.id);
  document.vector[source] = event.position;
  if (event.sealed !== null) {
    document.added.push(event.sealed);
    document.blocks = null;
  }
  return true;
};
