// What keeps the lanes of an embedded log: memory or segment files.
import type { LaneEnd } from './admission.ts';
import type { HashRange, Lane, LogRecord } from './event-log.ts';

/** What a reader wants of a lane; `bytes` of bodies is passed by at most one record. */
export type Take = {
  readonly records: number;
  readonly bytes?: number;
  readonly keys?: boolean;
  readonly keyHash?: HashRange;
};

/** Keeps the lanes. Synchronous, so that a record is readable in the tick in which it was published. */
export type LaneStorage = {
  readonly partitions: number;
  /** Positions up to which each source is known to be flushed, from before. */
  readonly recovered: ReadonlyMap<string, number>;
  end(lane: Lane): LaneEnd;
  /** Records that were admitted; all or those before the error. */
  append(lane: Lane, records: readonly LogRecord[]): void;
  take(lane: Lane, fromSeq: number, wanted: Take): readonly LogRecord[];
  key(lane: Lane, key: string, upTo: number): readonly LogRecord[];
  /** Flushes all that was appended; `positions`: what each source has wholly flushed afterwards. */
  flush(positions: ReadonlyMap<string, number>): Promise<void>;
  close(): Promise<void>;
};
