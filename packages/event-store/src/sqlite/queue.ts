// Group commit without a timer: what arrives while the thread is busy goes into the next transaction together.
import { unavailable } from '../append.ts';
import type { Appended } from '../event-store.ts';
import type { Append, Outcome } from './group.ts';

/** Keeps one commit below some 20 ms, so that nobody waits long behind a crowd. */
const MAX_GROUP_APPENDS = 1_024;
const MAX_GROUP_BYTES = 4 << 20;
/** More than HTTP and an import have in flight together; beyond it callers must wait themselves. */
const MAX_WAITING_APPENDS = 16_384;

type Waiting = Append & {
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
};

export interface CommitQueue {
  push(append: Append): Promise<Appended>;
  /** Commits everything that waits, at once. */
  drain(): void;
  /** Rejects everything that waits. */
  refuse(error: unknown): void;
}

/** `write` commits a group or throws what each append of it is to be rejected with. */
export const commitQueue = (write: (group: readonly Append[]) => readonly Outcome[]): CommitQueue => {
  let waiting: Waiting[] = [];

  const commit = (): void => {
    const group = nextGroup(waiting);
    if (group.length === 0) return;
    waiting = waiting.slice(group.length);
    if (waiting.length > 0) setImmediate(commit);
    try {
      settle(group, write(group));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  return {
    push: (append) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= MAX_WAITING_APPENDS)
          throw unavailable('Too many appends wait for the event store. Try again in a moment.');
        // setImmediate runs when all messages and requests that are there have been read: groups grow by themselves.
        if (waiting.push({ ...append, resolve, reject }) === 1) setImmediate(commit);
      }),
    drain() {
      while (waiting.length > 0) commit();
    },
    refuse(error) {
      const refused = waiting;
      waiting = [];
      for (const { reject } of refused) reject(error);
    },
  };
};

const nextGroup = (waiting: readonly Waiting[]): readonly Waiting[] => {
  let bytes = 0;
  let size = 0;
  for (const { events } of waiting) {
    if (size === MAX_GROUP_APPENDS || bytes > MAX_GROUP_BYTES) break;
    for (const { body } of events) bytes += body.length;
    size++;
  }
  return size === waiting.length ? waiting : waiting.slice(0, size);
};

const settle = (group: readonly Waiting[], outcomes: readonly Outcome[]): void =>
  group.forEach(({ resolve, reject }, i) => {
    const outcome = outcomes[i];
    if (outcome !== undefined && 'revision' in outcome) resolve(outcome);
    else reject(outcome?.conflict);
  });
