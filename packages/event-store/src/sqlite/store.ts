// The EventStore on one open database.
import type { DatabaseSync } from 'node:sqlite';
import type { TenureError } from '@tenure/core';
import { checkAppend, unavailable } from '../append.ts';
import type { EventStore } from '../event-store.ts';
import { checkpoints } from './checkpoints.ts';
import { diskFull, isDiskFull, storeFailed } from './failure.ts';
import { groupWriter, type Append, type GroupWriter, type Outcome } from './group.ts';
import { live, type Live } from './live.ts';
import { commitQueue } from './queue.ts';
import { rowsOf } from './rows.ts';

/** 8 MB: some milliseconds of work, and little to read again when the store is opened after a crash. */
const CHECKPOINT_PAGES = 1_000;
/** What `readStream` takes from the file at once. */
const STREAM_PAGE = { events: 512, bytes: 4 << 20 };

/** Called once, when a commit failed for another reason than a full disk: the process must end (STORE_FAILED). */
export type OnFatal = (error: TenureError) => void;

export const eventStoreOn = (
  database: DatabaseSync,
  {
    onFatal,
    checkpointPages = CHECKPOINT_PAGES,
  }: { readonly onFatal: OnFatal; readonly checkpointPages?: number },
): EventStore => {
  const rows = rowsOf(database);
  const writer = groupWriter(database);
  const lifetime = lifetimeOf(onFatal);
  const { assertOpen } = lifetime;
  const audience = live(rows, writer.position, assertOpen);
  const write = writing(writer.write, audience.publish, lifetime, checkpoints(database, checkpointPages));
  const queue = commitQueue(write);
  lifetime.whenEnded((error) => {
    queue.refuse(error);
    audience.end();
  });

  return {
    async append(stream, expected, events) {
      assertOpen();
      checkAppend(stream, expected, events);
      return queue.push({ stream, expected, events });
    },
    async *readStream(stream, from = 0) {
      for (let next = from; ;) {
        assertOpen();
        const page = rows.ofStream(stream, next, STREAM_PAGE);
        if (page.length === 0) return;
        next += page.length;
        yield* page;
      }
    },
    async readAll(after, limit) {
      assertOpen();
      return rows.after(after, writer.position(), { events: limit, bytes: Infinity });
    },
    follow: audience.follow,
    async head() {
      assertOpen();
      return { position: writer.position(), events: writer.position() }; // positions have no gaps here
    },
    async close() {
      queue.drain();
      if (lifetime.end(unavailable('The event store is closed.'))) database.close();
    },
  };
};

/** A store ends once, by closing or by failing; from then on it refuses everything. */
type Lifetime = {
  readonly assertOpen: () => void;
  readonly isOpen: () => boolean;
  /** False when it has ended before. */
  readonly end: (error: TenureError) => boolean;
  /** Ends it for a failure; answers what to tell the callers. */
  readonly fail: (cause: unknown) => TenureError;
  readonly whenEnded: (told: (error: TenureError) => void) => void;
};

const lifetimeOf = (onFatal: OnFatal): Lifetime => {
  let ended: TenureError | undefined;
  let listener: ((error: TenureError) => void) | undefined;
  const end = (error: TenureError): boolean => {
    if (ended !== undefined) return false;
    ended = error;
    listener?.(error);
    return true;
  };
  return {
    end,
    fail(cause: unknown): TenureError {
      const error = unavailable(
        'The event store has failed and refuses everything: the process must end.',
        cause,
      );
      if (end(error)) onFatal(storeFailed(cause));
      return error;
    },
    assertOpen() {
      if (ended !== undefined) throw ended;
    },
    isOpen: () => ended === undefined,
    whenEnded(told: (error: TenureError) => void) {
      listener = told;
    },
  };
};

/** A full disk refuses one group; any other failure ends the store, because what a failed flush lost cannot be known. */
const writing =
  (write: GroupWriter['write'], publish: Live['publish'], lifetime: Lifetime, checkpoint: () => void) =>
  (group: readonly Append[]): readonly Outcome[] => {
    lifetime.assertOpen();
    try {
      const { outcomes, events } = write(group);
      publish(events);
      if (events.length > 0) setImmediate(checkpointing, checkpoint, lifetime);
      return outcomes;
    } catch (error) {
      throw isDiskFull(error) ? diskFull(error) : lifetime.fail(error);
    }
  };

const checkpointing = (checkpoint: () => void, lifetime: Lifetime): void => {
  if (!lifetime.isOpen()) return;
  try {
    checkpoint();
  } catch (error) {
    // Without space the log just grows: everything in it is safe, and the next commit brings the next attempt.
    if (!isDiskFull(error)) lifetime.fail(error);
  }
};
