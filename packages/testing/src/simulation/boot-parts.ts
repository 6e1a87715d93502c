// What every simulated process has, whatever it runs: pauses and timers of the scheduler, and a relay per source.
import type { EventLog } from '@tenure/event-log';
import { startRelay } from '@tenure/event-log/relay';
import type { EventStore } from '@tenure/event-store';
import type { Life } from '../faults.ts';
import { faulty } from '../faulty-ports.ts';
import type { Outside } from './deployment.ts';
import { CLOCK } from './durable.ts';

/** Two instances that are scaled out, with this chance: each has its own memory of streams, and both issue what is due. */
export const TWINS = 0.3;

// A relay that saves often gives a power cut less to take back; one that saves rarely sends more again: both must do.
const CHECKPOINT_MS = [5, 100, 2_000] as const;

export const pauseOf =
  ({ scheduler, name }: Life) =>
  (ms: number, signal: AbortSignal): Promise<void> =>
    scheduler.sleep(ms, signal, `${name} pause`);

export const timerOf =
  ({ scheduler, name }: Life) =>
  (ms: number, done: () => void): (() => void) => {
    const cancelled = new AbortController();
    const wait = async (): Promise<void> => {
      await scheduler.sleep(ms, cancelled.signal, `${name} timer`);
      if (!cancelled.signal.aborted) done();
    };
    void wait();
    return () => cancelled.abort();
  };

/** Starts the relays of all sources, in the life that the ports belong to; one that ends tells `fail`. */
export const startRelays = async (
  { sources, checkpoints }: Pick<Outside, 'sources' | 'checkpoints'>,
  { stores, log }: { readonly stores: (source: string) => EventStore; readonly log: EventLog },
  life: Life,
  fail: (error: unknown) => void,
): Promise<void> => {
  for (const source of sources) {
    const started = await startRelay({
      ...{ source, log, store: stores(source), broadcast: source === CLOCK },
      checkpoints: faulty(checkpoints, 'checkpoints', life),
      checkpointEveryMs: life.scheduler.random.pick(CHECKPOINT_MS),
      pause: pauseOf(life),
      clock: life.scheduler.clock,
    });
    started.ended.catch(fail);
  }
};
