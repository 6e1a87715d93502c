// The contents of one generation in memory, and the writing half of it.
import type {
  AbsorptionRow,
  Commit,
  ColumnShape,
  Generation,
  GenerationInfo,
  LaneCheckpoint,
  ModelShape,
  ParkedRow,
  RefoldRow,
  SearchEntry,
  StoredDocument,
} from './read-models.ts';
import { memoryReader } from './memory-reader.ts';

export type MemoryStore = {
  readonly columns: readonly ColumnShape[];
  readonly documents: Map<string, StoredDocument>;
  readonly search: Map<string, readonly SearchEntry[]>;
  readonly checkpoints: Map<string, LaneCheckpoint>;
  readonly parked: Map<string, ParkedRow>;
  readonly refolds: Map<string, RefoldRow>;
  readonly absorptions: Map<string, AbsorptionRow>;
  /** The last change number by partition. */
  readonly changes: Map<number, number>;
};

export const emptyStore = (shape: ModelShape): MemoryStore => ({
  columns: shape.columns,
  documents: new Map(),
  search: new Map(),
  checkpoints: new Map(),
  parked: new Map(),
  refolds: new Map(),
  absorptions: new Map(),
  changes: new Map(),
});

// One synchronous step: no reader can come between.
const apply = (store: MemoryStore, commit: Commit): void => {
  for (const id of commit.remove) {
    store.documents.delete(id);
    store.search.delete(id);
  }
  for (const { search, ...document } of commit.documents) {
    const change = (store.changes.get(document.partition) ?? 0) + 1;
    store.changes.set(document.partition, change);
    store.documents.set(document.id, { ...document, change });
    store.search.set(document.id, search);
  }
  for (const checkpoint of commit.checkpoints)
    store.checkpoints.set(`${checkpoint.source}/${checkpoint.partition}`, checkpoint);
  for (const key of commit.unpark) store.parked.delete(key);
  for (const row of commit.park) store.parked.set(row.key, row);
  for (const key of commit.refolded) store.refolds.delete(key);
  for (const row of commit.refold) store.refolds.set(row.key, row);
  for (const row of commit.absorptions ?? []) store.absorptions.set(row.key, row);
};

// What cannot be stored is refused before anything is written, as a transaction would undo it.
const check = (commit: Commit): void => {
  const { documents, checkpoints, park, refold, absorptions = [] } = commit;
  const positions = absorptions.map(({ absorbed }) => absorbed);
  for (const row of [...documents, ...checkpoints, ...park, ...refold, ...absorptions, ...positions])
    for (const value of Object.values<unknown>(row))
      if (typeof value === 'symbol' || typeof value === 'function' || value === undefined)
        throw new TypeError('a commit holds a value that cannot be stored');
};

export const memoryWriter = (store: MemoryStore, shape: ModelShape, info: GenerationInfo): Generation => ({
  ...memoryReader(store, shape, info),
  async commit(commit) {
    check(commit);
    apply(store, commit);
  },
  absorptions: async () => [...store.absorptions.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  finishBuild: async () => {},
  flush: async () => {},
});
