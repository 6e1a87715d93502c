// The newest events in memory, once for all followers: who keeps up need not read the file.
import type { StoredEvent } from '../event-store.ts';

export interface Tail {
  /** The events of a commit, in position order, directly behind those already there. */
  add(events: readonly StoredEvent[]): void;
  /** Those after a position, at most `limit`; undefined when the tail does not reach back so far (or is empty). */
  after(position: number, limit: number): readonly StoredEvent[] | undefined;
  clear(): void;
}

/** Room for some commits: a follower that is further behind reads the file in larger batches anyway. */
const MAX_EVENTS = 4_096;
const MAX_BYTES = 4 << 20;

export const tailOf = (maxEvents = MAX_EVENTS, maxBytes = MAX_BYTES): Tail => {
  let commits: (readonly StoredEvent[])[] = [];
  let events = 0;
  let bytes = 0;
  const clear = (): void => {
    commits = [];
    events = bytes = 0;
  };
  return {
    clear,
    add(batch) {
      commits.push(batch);
      events += batch.length;
      bytes += sizeOf(batch);
      while (events > maxEvents || bytes > maxBytes) {
        const oldest = commits.shift();
        if (oldest === undefined) return;
        events -= oldest.length;
        bytes -= sizeOf(oldest);
      }
    },
    after(position, limit) {
      let start = commits.length - 1; // mostly the newest commit is all that is wanted
      while (start > 0 && firstOf(commits[start]) > position + 1) start--;
      const first = firstOf(commits[start]);
      if (first > position + 1) return undefined;
      const newer = start === commits.length - 1 ? commits[start] : commits.slice(start).flat();
      const skip = position + 1 - first;
      return skip === 0 && newer !== undefined && newer.length <= limit
        ? newer
        : newer?.slice(skip, skip + limit);
    },
  };
};

const firstOf = (batch: readonly StoredEvent[] | undefined): number => batch?.[0]?.position ?? Infinity;

const sizeOf = (batch: readonly StoredEvent[]): number =>
  batch.reduce((total, { body }) => total + body.length, 0);
