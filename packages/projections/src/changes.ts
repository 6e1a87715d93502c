// Which documents a generation has changed since somebody last asked: what a live stream tells of. While nobody listens
// nothing is noted.
import type { DocumentWrite, Vector } from '@tenure/read-models';
import type { Written } from './model.ts';

/**
 * A document that can be read as it is now. `sources`: where the news came from; none when a closed day or a repair has
 * changed it. `position`: how far the document has folded each source.
 */
export type DocumentChange = {
  readonly id: string;
  readonly sources: readonly string[];
  readonly position: Vector;
};

export type ChangeNotes = {
  note(written: readonly Written[], others: readonly Pick<DocumentWrite, 'id' | 'vector'>[]): void;
  /** Documents may have changed that nobody knows of: a commit was not answered. */
  lose(): void;
  /** What was noted since the last call; null: more than can be named, whoever follows loads afresh. */
  take(): readonly DocumentChange[] | null;
};

/** What a live stream keeps for readers that come back; more in one step would push out all of that. */
const MAX_CHANGES = 10_000;

export const changeNotes = (isHeard: () => boolean): ChangeNotes => {
  let noted: DocumentChange[] | null = [];
  const add = (change: DocumentChange): void => {
    if (noted === null) return;
    if (noted.length === MAX_CHANGES) noted = null;
    else noted.push(change);
  };
  return {
    note(written, others) {
      if (!isHeard()) return;
      for (const { live, write } of written)
        add({ id: write.id, sources: moved(live.stored, write.vector), position: write.vector });
      for (const { id, vector } of others) add({ id, sources: [], position: vector });
    },
    lose() {
      if (isHeard()) noted = null;
    },
    take() {
      const taken = noted;
      noted = [];
      return taken;
    },
  };
};

const moved = (before: Vector, now: Vector): readonly string[] =>
  Object.keys(now).filter((source) => (now[source] ?? 0) > (before[source] ?? 0));
