// Where a relay keeps how far it has come, and who may go on.

/**
 * Everything of the source up to `position` is in the log and flushed (the low watermark). `events`: how many events of
 * the store that is. `heads`: lane heads that were flushed with it, so a lane that is shorter has lost acknowledged records.
 */
export type RelayCheckpoint = {
  readonly position: number;
  readonly events: number;
  readonly heads: readonly number[];
};

export interface RelayCheckpoints {
  /** Takes the source over: every older holder is fenced from now on. */
  acquire(source: string): Promise<{ readonly epoch: number; readonly checkpoint: RelayCheckpoint | null }>;
  /** Passes while nobody took over. @throws RELAY_FENCED */
  check(source: string, epoch: number): Promise<void>;
  /** Saves atomically and durably. @throws RELAY_FENCED */
  save(source: string, epoch: number, checkpoint: RelayCheckpoint): Promise<void>;
}
