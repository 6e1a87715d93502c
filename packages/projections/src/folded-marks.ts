// Per source, the position up to which a generation has folded everything: the highest announced watermark whose lane
// heads the checkpoints have passed.
import type { Watermark } from '@tenure/event-log';
import type { Vector } from '@tenure/read-models';
import type { LaneProgress } from './lanes.ts';

/** While a loop is far behind, marks between the oldest and the newest are not missed by anybody. */
const MAX_PENDING = 256;

export type FoldedMarks = {
  add(mark: Watermark): void;
  /** Takes over what the lanes have passed; answers whether anything moved. */
  settle(lanes: LaneProgress): boolean;
  /** Never less than these positions: the lanes are known to be beyond them. */
  atLeast(positions: Vector): void;
  positions(): Vector;
};

export const foldedMarks = (): FoldedMarks => {
  const pending = new Map<string, Watermark[]>();
  const folded = new Map<string, number>();
  const raise = (source: string, position: number): boolean => {
    if (position <= (folded.get(source) ?? -1)) return false;
    folded.set(source, position);
    return true;
  };
  return {
    add(mark) {
      const marks = pending.get(mark.source) ?? [];
      if (marks.length >= MAX_PENDING) marks.pop();
      marks.push(mark);
      pending.set(mark.source, marks);
    },
    settle(lanes) {
      let moved = false;
      for (const [source, marks] of pending) {
        let passed = 0;
        for (const mark of marks) {
          if (!mark.heads.every((head, partition) => lanes.seq({ source, partition }) >= head)) break;
          if (raise(source, mark.position)) moved = true;
          passed++;
        }
        marks.splice(0, passed);
      }
      return moved;
    },
    atLeast(positions) {
      for (const [source, position] of Object.entries(positions)) raise(source, position);
    },
    positions: () => Object.fromEntries(folded),
  };
};
