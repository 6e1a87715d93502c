// Changes of customers: gathered for a moment, so that many of one are told as one, and kept for readers that come back.
import type { DocumentChange } from '@tenure/projections';
import type { Timer } from './audit.ts';

/** A change as it is told. `seq` counts 1, 2, 3, …; `at`: when it was told (ms, wall time). */
export type Kept = DocumentChange & { readonly seq: number; readonly at: number };

/** Eyes see no difference; a bulk change of one customer becomes one line. */
export const GATHER_MS = 100;
/** About 3 MB. A reader that missed more loads afresh sooner than it would read all of them. */
export const MAX_KEPT = 10_000;
/** Who stays away longer has closed the page. */
export const KEPT_MS = 600_000;

export type ChangeBuffer = {
  /** Takes changes in; they are told together with what else comes within GATHER_MS. */
  add(changes: readonly DocumentChange[]): void;
  /** Anything may have changed: whoever stands before this loads afresh. */
  everything(): void;
  /** seq of the newest change. */
  head(): number;
  /** seq of the newest change that is not kept any more. */
  gone(): number;
  /** Kept changes behind a seq, oldest first. */
  after(seq: number, limit: number): readonly Kept[];
};

export type BufferParts = {
  readonly now: () => number;
  readonly timer: Timer;
  /** Told when there is something new behind `head`. */
  readonly moved: () => void;
};

export const changeBuffer = ({ now, timer, moved }: BufferParts): ChangeBuffer => {
  let gathering = new Map<string, DocumentChange>();
  let waits = false;
  let kept: Kept[] = [];
  let head = 0;
  const forget = (): void => {
    const tooOld = now() - KEPT_MS;
    const young = kept.findIndex(({ at }) => at > tooOld);
    const old = Math.max(young < 0 ? kept.length : young, kept.length - MAX_KEPT);
    if (old > 0) kept = kept.slice(old);
  };
  const tell = (): void => {
    waits = false;
    const at = now();
    for (const change of gathering.values()) kept.push({ ...change, seq: ++head, at });
    gathering = new Map();
    forget();
    moved();
  };
  return {
    add(changes) {
      for (const change of changes) gathering.set(change.id, joined(gathering.get(change.id), change));
      if (waits || gathering.size === 0) return;
      waits = true;
      timer(tell, GATHER_MS);
    },
    everything() {
      gathering.clear();
      kept = [];
      head++;
      moved();
    },
    head: () => head,
    gone() {
      forget();
      return head - kept.length;
    },
    after: (seq, limit) => {
      const from = Math.max(0, seq - (head - kept.length));
      return kept.slice(from, from + limit);
    },
  };
};

const joined = (before: DocumentChange | undefined, { id, sources, position }: DocumentChange) => {
  const furthest: Record<string, number> = { ...before?.position };
  for (const [source, reached] of Object.entries(position))
    furthest[source] = Math.max(reached, furthest[source] ?? 0);
  return { id, sources: [...new Set([...(before?.sources ?? []), ...sources])], position: furthest };
};
