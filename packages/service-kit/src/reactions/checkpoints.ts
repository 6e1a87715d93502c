// How far the reactions of a service have come, and which customers stand still: kept by an adapter.
import type { Lane } from '@tenure/event-log';

/** A customer whose reactions stand still because one of them failed in a way that will not pass by itself. */
export type ParkedReaction = {
  readonly service: string;
  /** The customer. */
  readonly key: string;
  /** Code of the error; `INTERNAL` for one without. */
  readonly class: string;
  readonly message: string;
  /** First position not reacted to, per source. */
  readonly from: Readonly<Record<string, number>>;
  /** Last position that waits, per source; absent in rows of an earlier version. */
  readonly to?: Readonly<Record<string, number>>;
  /** How many events wait. */
  readonly events: number;
  readonly attempts: number;
  /** ms, wall clock */
  readonly since: number;
};

export type LaneDone = Lane & { readonly seq: number; readonly position: number };

/** One atomic write. `parked` replaces the rows of these customers; `released` removes them. */
export type ReactionProgress = {
  readonly lanes: readonly LaneDone[];
  readonly parked: readonly ParkedReaction[];
  readonly released: readonly string[];
};

/** The port; one per service. */
export interface ReactionCheckpoints {
  /** seq of the last record reacted to; 0: none. */
  seq(lane: Lane): Promise<number>;
  parked(): Promise<readonly ParkedReaction[]>;
  save(progress: ReactionProgress): Promise<void>;
}

/** Checkpoints that live as long as the object: for tests and the simulation. */
export const memoryReactionCheckpoints = (): ReactionCheckpoints => {
  const lanes = new Map<string, number>();
  const parked = new Map<string, ParkedReaction>();
  return {
    seq: async ({ source, partition }) => lanes.get(`${source}/${partition}`) ?? 0,
    parked: async () => [...parked.values()],
    async save(progress) {
      for (const { source, partition, seq } of progress.lanes) lanes.set(`${source}/${partition}`, seq);
      for (const row of progress.parked) parked.set(row.key, row);
      for (const key of progress.released) parked.delete(key);
    },
  };
};
