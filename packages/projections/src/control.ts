// What operators and queries ask of the projection engine. In one process it answers across threads.
import type {
  Filter,
  GenerationInfo,
  ParkedRow,
  Query,
  SearchEntry,
  StoredDocument,
  Vector,
} from '@tenure/read-models';

export type ProjectionStatus = {
  readonly name: string;
  readonly generation: number | null;
  readonly state: GenerationInfo['state'] | 'none';
  /** True while an older generation than the code's is served. */
  readonly stale: boolean;
  readonly lagEvents: number;
  readonly lagSeconds: number;
  readonly documents: number;
  readonly parked: number;
  /** Null while behind. Belongs to the generation's positions; comparable only within one business day. */
  readonly digest: string | null;
  readonly day: string | null;
};

/** A replay or a verification in progress or done. `rate` in events/s. */
export type ReplayStatus = {
  readonly id: string;
  readonly projection: string;
  readonly generation: number;
  /** It activates itself once it is verified; otherwise it is over when it is verified. */
  readonly activate: boolean;
  readonly state: GenerationInfo['state'];
  readonly events: number;
  readonly done: number;
  readonly rate: number;
  readonly etaSeconds: number | null;
  readonly digest: string | null;
  readonly day: string | null;
  readonly verified: { readonly keys: number; readonly differences: number } | null;
  readonly error: string | null;
};

export type VerifyStatus = {
  readonly id: string;
  readonly projection: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly checked: number;
  readonly differences: readonly { readonly key: string; readonly paths: readonly string[] }[];
  readonly digest: string | null;
  readonly day: string | null;
  readonly error: string | null;
};

export interface ProjectionControl {
  /** `digest: false` leaves the digest out (it costs a pass over the documents when it is not cached). */
  status(options?: { readonly digest?: boolean }): Promise<readonly ProjectionStatus[]>;
  /** @throws REPLAY_RUNNING, NOT_FOUND */
  startReplay(request: { readonly projection: string; readonly activate: boolean }): Promise<ReplayStatus>;
  replays(): Promise<readonly ReplayStatus[]>;
  /** Waits up to `waitMs` for the next change after the state that the caller saw last. @throws NOT_FOUND */
  replay(id: string, waitMs?: number): Promise<ReplayStatus>;
  generations(projection: string): Promise<readonly GenerationInfo[]>;
  /** @throws ILLEGAL_STATE when it is not a verified build. */
  activate(projection: string, generation: number): Promise<GenerationInfo>;
  /** Back to the standby generation. @throws ILLEGAL_STATE */
  rollback(projection: string, generation: number): Promise<GenerationInfo>;
  retire(projection: string, generation: number): Promise<void>;
  verify(request: {
    readonly projection: string;
    readonly full: boolean;
    readonly keys?: readonly string[];
  }): Promise<VerifyStatus>;
  verification(id: string, waitMs?: number): Promise<VerifyStatus>;
  heal(
    projection: string,
    keys: readonly string[],
  ): Promise<readonly { readonly key: string; readonly changed: boolean }[]>;
  parked(
    projection?: string,
  ): Promise<readonly (ParkedRow & { readonly projection: string; readonly generation: number })[]>;
  /** Re-folds one parked customer, or all of a class; answers the keys that flow again. */
  retry(
    projection: string,
    which: { readonly key?: string; readonly class?: string },
  ): Promise<readonly string[]>;
  skip(projection: string, key: string, reason: string): Promise<void>;
  /** Events of the sources that the log has not got yet plus what the live loops have not folded; per projection. */
  caughtUp(projection: string): Promise<boolean>;
}

/** Reading the active generations, in the thread that answers HTTP. Every read sees one whole generation. */
export interface ProjectionReader {
  load(projection: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  byKey(projection: string, key: string): Promise<readonly StoredDocument[]>;
  /** Everybody merged into a customer, in id order; nobody where the projection merges nobody. */
  absorbedBy(projection: string, id: string): Promise<readonly string[]>;
  query(projection: string, query: Query): Promise<readonly StoredDocument[]>;
  count(projection: string, filters: readonly Filter[]): Promise<number>;
  search(projection: string, entry: SearchEntry, limit: number): Promise<readonly string[]>;
  /** The entries by which a document is found; none for one that is not there. */
  searchOf(projection: string, id: string): Promise<readonly SearchEntry[]>;
  generation(projection: string): { readonly generation: number; readonly stale: boolean } | null;
  /** Per source: everything up to this position is folded into the active generation. */
  folded(projection: string): Vector;
  /** The last closed business day that the projection has folded everywhere; null before the first. */
  businessDay(projection: string): string | null;
  /** Resolves when `folded` has reached all of `positions`. @throws BEHIND (retriable, data.asOf) after `timeoutMs`. */
  waitFor(projection: string, positions: Vector, timeoutMs: number): Promise<void>;
}
