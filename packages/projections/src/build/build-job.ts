// A build as plain data: it may run in another thread, and be taken up again after a crash.
import type { LaneCheckpoint, ParkedRow } from '@tenure/read-models';

export type BuildJob = {
  readonly projection: string;
  readonly generation: number;
  /** The lanes to read, each up to this seq (inclusive): where the log stood when the build was planned. */
  readonly heads: readonly Pick<LaneCheckpoint, 'source' | 'partition' | 'seq'>[];
  /** Rows of the customers that an operator released: they stay released in the new generation. */
  readonly released: readonly ParkedRow[];
  /** For the rows of customers that are parked by the build (ms). */
  readonly now: number;
};

/** `events`: all that the build has to read; `done`: how many of them it has read. */
export type BuildProgress = { readonly events: number; readonly done: number };

export type BuildResult = { readonly events: number; readonly documents: number; readonly parked: number };

/**
 * Runs a build where the composition wants it: in this thread, or in a worker with limits. It may be ended at once when
 * `stop` aborts: finished partitions are kept, and the next start goes on.
 */
export type Build = (
  job: BuildJob,
  onProgress: (progress: BuildProgress) => void,
  stop: AbortSignal,
) => Promise<BuildResult>;
