// Event store → log, for one source (TRANSPORT §1): read, stamp, publish, announce, save the checkpoint.
import type { Clock } from '@tenure/core';
import type { EventStore } from '@tenure/event-store';
import type { EventLog } from '../event-log.ts';
import { timerPause, type Pause } from '../pause.ts';
import type { RelayCheckpoints } from './checkpoints.ts';
import { intake } from './intake.ts';
import { relayLanes, type InFlight } from './lanes.ts';
import { relayLife } from './life.ts';
import type { Trouble } from './retrying.ts';
import { saving } from './saving.ts';
import { stamping } from './stamp.ts';
import { startOf } from './start.ts';
import { lowWatermark, type Place } from './watermark.ts';

const CHECKPOINT_EVERY_MS = 1_000; // a second of events is sent again after a crash: less than their recovery costs

export type RelayOptions = {
  readonly source: string;
  readonly store: Pick<EventStore, 'follow' | 'head'>;
  readonly log: EventLog;
  readonly checkpoints: RelayCheckpoints;
  /** Every event to every lane: for `clock`. */
  readonly broadcast?: boolean;
  readonly checkpointEveryMs?: number;
  readonly pause?: Pause;
  /** Of `lastProgressAt`. Default: the monotonic clock of the process. */
  readonly clock?: Clock;
};

export type RelayStats = {
  readonly state: 'running' | 'stopped' | 'failed';
  /** How far the store was read, and how far everything is in the log. */
  readonly read: Place;
  readonly published: Place;
  /** Position of the last checkpoint saved. */
  readonly saved: number;
  readonly inFlight: InFlight;
  /** By the relay's clock (ms): when events last got into the log, or when it started. */
  readonly lastProgressAt: number;
  /** What it is retrying, or what ended it. */
  readonly trouble: Trouble | null;
};

export interface Relay {
  /** Resolves after `stop`; rejects with what ended it otherwise: RELAY_FENCED, LOG_BROKEN, LOG_DISORDER, CORRUPT, … */
  readonly ended: Promise<void>;
  stats(): RelayStats;
  /** Events that the store has and the log does not. */
  backlog(): Promise<number>;
  /** Publishes what it has read, saves the checkpoint; gives up after 1.5 s (the next relay sends the rest again). */
  stop(): Promise<void>;
}

/**
 * Starts the relay of a source and takes it over from any other: two at once do no harm, the older stops.
 * @throws LOG_AHEAD when the log has events that the store does not have.
 */
export const startRelay = async (options: RelayOptions): Promise<Relay> => {
  const { source, store, log, checkpoints, pause = timerPause } = options;
  const { epoch, checkpoint } = await checkpoints.acquire(source);
  const { place: start, ends } = await startOf(source, store, log, checkpoint);
  const life = relayLife(pause);
  const progress = progressClock(options.clock ?? { now: () => performance.now() });
  const watermark = lowWatermark(start, ({ position }) => {
    progress.moved();
    log.announce(source, position).catch(life.fail);
    saver.moved();
  });
  const shared = { source, store, log, start, pause, stopped: life.stopping };
  const lanes = relayLanes({ source, log, pause, stopped: life.halted, fail: life.fail });
  const saver = saving({
    ...shared,
    place: () => watermark.place(),
    keep: (next) => checkpoints.save(source, epoch, next),
    everyMs: options.checkpointEveryMs ?? CHECKPOINT_EVERY_MS,
  });
  const reader = intake({
    ...shared,
    lanes,
    watermark,
    stamp: stamping(ends, options.broadcast ?? false),
    checkFence: () => checkpoints.check(source, epoch),
  });
  if (start.position > 0) await log.announce(source, start.position);
  const reading = reader.run();
  reading.catch(life.fail);
  saver.run().catch(life.fail);
  return {
    ended: life.ended,
    stats: () => ({
      state: life.state(),
      read: reader.place(),
      published: watermark.place(),
      saved: saver.position(),
      inFlight: lanes.inFlight(),
      lastProgressAt: progress.at(),
      trouble: life.trouble() ?? lanes.trouble() ?? reader.trouble() ?? saver.trouble(),
    }),
    backlog: async () => (await store.head()).events - watermark.place().events,
    stop: () =>
      life.stop(async () => {
        await reading;
        await lanes.drained();
        await saver.save();
      }),
  };
};

const progressClock = (clock: Clock): { moved(): void; at(): number } => {
  let at = clock.now();
  return {
    moved() {
      at = clock.now();
    },
    at: () => at,
  };
};
