// One deployment through several lives of its process.
import type { EventLog } from '../src/event-log.ts';
import { startRelay, type RelayCheckpoints } from '../src/relay/index.ts';
import type { ArrayStore } from './array-store.ts';
import { expectAllOnce, expectPrefixes, reached, SOURCE } from './invariants.ts';
import { mortal, type Death } from './mortal.ts';

export type World = {
  readonly checkpoints: () => RelayCheckpoints;
  readonly open: () => Promise<EventLog>;
  /** The process is dead: what it held open goes, as the system would have it. */
  readonly crash: (log: EventLog) => Promise<void>;
};

export const IMMORTAL: Death = { step: Number.MAX_SAFE_INTEGER, effect: true };

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Relays until everything is in and saved, or until death; answers 'finished' or the fatal step. */
export const live = async (world: World, store: ArrayStore, death: Death): Promise<string> => {
  const real = await world.open();
  await expectPrefixes(real, store.events);
  const { log, checkpoints, died } = mortal(real, world.checkpoints(), death);
  const whole = async (): Promise<string> => {
    const relay = await startRelay({
      source: SOURCE,
      store,
      log,
      checkpoints,
      pause: nextTurn,
      checkpointEveryMs: 1,
    });
    await reached(log, store.events.at(-1)?.position ?? 0);
    await relay.stop();
    return 'finished';
  };
  const end = await Promise.race([whole(), died]);
  if (end === 'finished') await expectAllOnce(real, store.events);
  await world.crash(real);
  return end;
};
