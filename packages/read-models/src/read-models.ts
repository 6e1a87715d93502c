// The ReadModels port: documents of projections, in generations, read through an alias that one swap moves.
// A generation is one physical build (its own file or collection). Writers see `Generation`, readers `Reader`.

export type Scalar = string | number | null;

/** Last position folded, per source. */
export type Vector = Readonly<Record<string, number>>;

/** A document as stored. `body` is the canonical JSON of `{slices, summary}`; sealed blocks lie beside it, never in it. */
export type StoredDocument = {
  readonly id: string;
  /** The customer (EVENTS: the event's key): parking and re-folds go by it. Equal to `id` in customer documents. */
  readonly key: string;
  readonly body: string;
  readonly vector: Vector;
  /** The sealed blocks that the body refers to, by event id, in the encoding of packages/events. Null: none. */
  readonly sealed: Uint8Array | null;
  readonly partition: number;
  /** The customer is parked: the document stands still. */
  readonly stale: boolean;
  /** Set for an absorbed customer: the id to read instead; the body is then empty. */
  readonly redirect: string | null;
  /** Instant (ms) at which the summary changes by time alone; null: never. */
  readonly wakeAt: number | null;
  /** Change number within the partition, growing by one per written document; stamped by the adapter. */
  readonly change: number;
  /** Extracted columns, in the order of the shape. */
  readonly columns: readonly Scalar[];
};

export type DocumentWrite = Omit<StoredDocument, 'change'> & {
  /** Blind-index entries of this document, replacing earlier ones: (kind, hash). */
  readonly search: readonly SearchEntry[];
};

export type SearchEntry = { readonly kind: string; readonly hash: string };

/** How far a generation has folded a lane. */
export type LaneCheckpoint = {
  readonly source: string;
  readonly partition: number;
  readonly seq: number;
  readonly position: number;
};

/** Why a customer stands still (PROJECTIONS §4). Positions are of the source that failed first. */
export type ParkedRow = {
  readonly key: string;
  readonly partition: number;
  readonly class: string;
  readonly message: string;
  readonly source: string;
  readonly codeHash: string;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly events: number;
  readonly attempts: number;
  readonly since: number;
  /** Set when an operator released the customer: later events flow again, the reason is kept. */
  readonly skipped: string | null;
};

/** "Compute this document anew from the log" (PROJECTIONS §3). */
export type RefoldRow = { readonly key: string; readonly partition: number; readonly reason: string };

/** What a customer's own events say of merges; every other customer's are in rows of their own. */
export type AbsorptionRow = {
  readonly key: string;
  /** Whom he has absorbed: id → position of the event that says so. */
  readonly absorbed: Readonly<Record<string, number>>;
  /** The last that was said on his side: who has absorbed him, or (null) that he is restored. Null: nothing yet. */
  readonly own: { readonly survivor: string | null; readonly position: number } | null;
};

/**
 * One atomic write: everything or nothing. Within it removals go before additions: a document both removed and written
 * stays, a key both re-folded and asked for again waits again. A key waits for re-folding once, under its newest reason.
 */
export type Commit = {
  readonly documents: readonly DocumentWrite[];
  readonly remove: readonly string[];
  readonly checkpoints: readonly LaneCheckpoint[];
  readonly park: readonly ParkedRow[];
  readonly unpark: readonly string[];
  readonly refold: readonly RefoldRow[];
  readonly refolded: readonly string[];
  /** Each replaces the row of its key. Most commits merge nobody. */
  readonly absorptions?: readonly AbsorptionRow[];
};

export type ColumnType = 'text' | 'integer' | 'real';
export type ColumnShape = { readonly name: string; readonly type: ColumnType; readonly indexed: boolean };

/** What an adapter must know of a projection to store it. */
export type ModelShape = {
  readonly model: string;
  readonly columns: readonly ColumnShape[];
};

export type GenerationState =
  | 'building'
  | 'catching-up'
  | 'verifying'
  | 'active'
  | 'standby'
  | 'retired'
  | 'failed'
  | 'paused';

export type GenerationInfo = {
  readonly model: string;
  readonly generation: number;
  readonly state: GenerationState;
  readonly codeHash: string;
  readonly version: number;
  readonly partitions: number;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Verified against a fresh fold, with what came out; null until then. */
  readonly verified: { readonly keys: number; readonly differences: number } | null;
  readonly error: string | null;
};

export type Filter = {
  readonly column: string;
  readonly op: 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte';
  readonly value: Scalar | readonly Scalar[];
};

/**
 * A page by keyset: `after` is the sort value and id of the last row of the page before. Null sorts before every value,
 * ties go by id, descending is the whole order reversed (ids too). `id` may be named like a column. `eq` and `in` match
 * null, comparisons never do. Redirects are left out. @throws COLUMN_UNKNOWN, FILTER_INVALID
 */
export type Query = {
  readonly filters: readonly Filter[];
  readonly sort: { readonly column: string; readonly descending: boolean };
  readonly after: { readonly value: Scalar; readonly id: string } | null;
  readonly limit: number;
};

/** A generation open for writing (the pipeline, a build). One writer at a time. */
export interface Generation extends Reader {
  commit(commit: Commit): Promise<void>;
  /** What has been said of merges, by key. */
  absorptions(): Promise<readonly AbsorptionRow[]>;
  /** A build has no indexes until this makes them and flushes; every read works before, only slower. */
  finishBuild(): Promise<void>;
  /** A build: makes what was committed so far survive a crash of the machine (called per finished partition). */
  flush(): Promise<void>;
}

/** A generation open for reading. Reads see whole commits only. */
export interface Reader {
  /** As it was when it was opened. */
  readonly info: GenerationInfo;
  load(ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  /** Documents of a customer (several in a list model). */
  byKey(key: string): Promise<readonly StoredDocument[]>;
  /** Ids of the documents that redirect to this one, in id order. */
  absorbedBy(id: string): Promise<readonly string[]>;
  /** In id order, exclusive of `after`; for digests, verification and exports. */
  scan(after: string, limit: number): Promise<readonly StoredDocument[]>;
  query(query: Query): Promise<readonly StoredDocument[]>;
  /** How many documents (redirects left out) pass the filters. */
  count(filters: readonly Filter[]): Promise<number>;
  /** Ids of documents with this blind-index entry, at most `limit`, in id order. */
  search(entry: SearchEntry, limit: number): Promise<readonly string[]>;
  /** The entries by which a document is found, each once, by (kind, hash): for verification. */
  searchOf(id: string): Promise<readonly SearchEntry[]>;
  /** Ids of documents whose wakeAt ≤ instant, in (wakeAt, id) order. */
  due(partition: number, instant: number, limit: number): Promise<readonly string[]>;
  checkpoints(): Promise<readonly LaneCheckpoint[]>;
  parked(): Promise<readonly ParkedRow[]>;
  refolds(limit: number): Promise<readonly RefoldRow[]>;
  /** Documents changed after `change`, in order, for the feed of a partition. */
  changes(partition: number, change: number, limit: number): Promise<readonly StoredDocument[]>;
  /** documents: without redirects; parked: without the skipped ones. */
  stats(): Promise<{ readonly documents: number; readonly parked: number; readonly bytes: number }>;
  close(): Promise<void>;
}

export interface ReadModels {
  /** All generations of all models that are not retired, oldest first. */
  generations(): Promise<readonly GenerationInfo[]>;
  /** Reserves the next generation number of a model and creates its empty store, in state `building`. */
  create(
    shape: ModelShape,
    about: {
      readonly codeHash: string;
      readonly version: number;
      readonly partitions: number;
      readonly now: number;
    },
  ): Promise<Generation>;
  /** @throws NOT_FOUND; ILLEGAL_STATE when it was made with other columns. */
  openWriter(shape: ModelShape, generation: number): Promise<Generation>;
  /** A column that an older generation does not have reads as null. @throws NOT_FOUND for a generation that is gone. */
  openReader(shape: ModelShape, generation: number): Promise<Reader>;
  /** The generation that readers get; null before the first activation. */
  active(model: string): Promise<number | null>;
  /**
   * Moves the alias by compare-and-swap and sets both states (new: active, old: standby) in the same write.
   * Answers false when the alias was not at `from` any more.
   */
  activate(model: string, from: number | null, to: number, now: number): Promise<boolean>;
  setState(
    model: string,
    generation: number,
    state: GenerationState,
    about: {
      readonly now: number;
      readonly verified?: GenerationInfo['verified'];
      readonly error?: string | null;
    },
  ): Promise<void>;
  /** Removes the store of a generation for good and lists it no more. Never the active one (ILLEGAL_STATE). */
  drop(model: string, generation: number): Promise<void>;
  close(): Promise<void>;
}
