// How far each lane is folded.
import type { Lane } from '@tenure/event-log';
import type { LaneCheckpoint, Vector } from '@tenure/read-models';

export type LaneProgress = {
  /** seq of the last folded record; 0: none. */
  seq(lane: Lane): number;
  position(lane: Lane): number;
  advance(checkpoints: readonly LaneCheckpoint[]): void;
  all(): readonly LaneCheckpoint[];
  /** Per source, what a partition has folded. */
  positions(partition: number): Vector;
};

const nameOf = (lane: Lane): string => `${lane.source}/${lane.partition}`;

export const laneProgress = (checkpoints: readonly LaneCheckpoint[]): LaneProgress => {
  const lanes = new Map<string, LaneCheckpoint>();
  const advance = (moved: readonly LaneCheckpoint[]): void => {
    for (const checkpoint of moved) lanes.set(nameOf(checkpoint), checkpoint);
  };
  advance(checkpoints);
  return {
    seq: (lane) => lanes.get(nameOf(lane))?.seq ?? 0,
    position: (lane) => lanes.get(nameOf(lane))?.position ?? 0,
    advance,
    all: () => [...lanes.values()],
    positions: (partition) =>
      Object.fromEntries(
        [...lanes.values()]
          .filter((lane) => lane.partition === partition)
          .map(({ source, position }) => [source, position]),
      ),
  };
};
