// The loop behind every subscription of an embedded log: take what waits, hand it over, go on when it is acknowledged.
import type { Bell } from './bell.ts';
import type { Lane, LaneBatch, Subscription } from './event-log.ts';
import type { LaneStorage } from './lane-storage.ts';
import { backOff, type Pause } from './pause.ts';

// One transaction of a consumer: large enough to amortise its commit, small enough to keep memory and latency flat.
export const HAND_OVER_RECORDS = 5_000;
export const HAND_OVER_BYTES = 8 * 1024 * 1024;

/** What the loop needs of a log; `arrived` rings when a lane of the subscription has more. */
export type SubscriptionSource = {
  readonly storage: Pick<LaneStorage, 'end' | 'take'>;
  readonly arrived: Bell;
  readonly pause: Pause;
};

export type Handler = (batches: readonly LaneBatch[]) => Promise<void>;

type Cursor = { readonly lane: Lane; next: number };

/** Starts the loop at the given seq of each lane. */
export const startSubscription = (
  source: SubscriptionSource,
  starts: readonly { readonly lane: Lane; readonly seq: number }[],
  handler: Handler,
): Subscription => {
  const cursors: Cursor[] = starts.map(({ lane, seq }) => ({ lane, next: Math.max(1, seq) }));
  const stopped = new AbortController();
  const ended = run(source, cursors, handler, stopped.signal);
  ended.catch(() => {}); // `ended` tells whoever looks; a consumer that does not look must not kill the process
  return {
    ended,
    async stop() {
      stopped.abort();
      source.arrived.ring();
      await Promise.allSettled([ended]); // why it ended is told by `ended`
    },
  };
};

const run = async (
  source: SubscriptionSource,
  cursors: readonly Cursor[],
  handler: Handler,
  stopped: AbortSignal,
): Promise<void> => {
  for (let turn = 0; !stopped.aborted; turn++) {
    const batches = waiting(source, cursors, turn);
    if (batches.length === 0) await source.arrived.next();
    else if (await acknowledged(source, batches, handler, stopped)) advance(cursors, batches);
  }
};

/** What waits on the lanes, beginning with another lane each turn, so that a busy lane starves none. */
const waiting = (source: SubscriptionSource, cursors: readonly Cursor[], turn: number): LaneBatch[] => {
  const batches: LaneBatch[] = [];
  let records = HAND_OVER_RECORDS;
  let bytes = HAND_OVER_BYTES;
  for (let i = 0; i < cursors.length && records > 0 && bytes > 0; i++) {
    const cursor = cursors[(turn + i) % cursors.length];
    if (cursor === undefined || source.storage.end(cursor.lane).seq < cursor.next) continue;
    const taken = source.storage.take(cursor.lane, cursor.next, { records, bytes });
    if (taken.length > 0) batches.push({ lane: cursor.lane, records: taken });
    records -= taken.length;
    for (const record of taken) bytes -= record.body.length;
  }
  return batches;
};

const acknowledged = async (
  source: SubscriptionSource,
  batches: readonly LaneBatch[],
  handler: Handler,
  stopped: AbortSignal,
): Promise<boolean> => {
  for (let attempt = 0; !stopped.aborted; attempt++) {
    try {
      await handler(batches);
      return true;
    } catch {
      // The handler reports its own failures; here the same batches wait for their acknowledgement.
      await source.pause(backOff(attempt), stopped);
    }
  }
  return false;
};

const advance = (cursors: readonly Cursor[], batches: readonly LaneBatch[]): void => {
  for (const { lane, records } of batches) {
    const cursor = cursors.find((candidate) => candidate.lane === lane);
    const last = records.at(-1);
    if (cursor !== undefined && last !== undefined) cursor.next = last.seq + 1;
  }
};
