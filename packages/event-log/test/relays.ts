// Relays for tests: started over parts in memory, stopped after each case.
import { afterEach } from 'vitest';
import type { EventLog, Lane } from '../src/event-log.ts';
import { memoryCheckpoints } from '../src/memory.ts';
import { startRelay, type Relay, type RelayOptions } from '../src/relay/index.ts';
import type { ArrayStore } from './array-store.ts';
import { SOURCE } from './source.ts';

export const PARTITIONS = 4;

/** Waits for nothing but an abort: no timer may be needed. */
const never: RelayOptions['pause'] = (_ms, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const relays: Relay[] = [];

export const start = async (
  options: Partial<RelayOptions> & Pick<RelayOptions, 'store' | 'log'>,
): Promise<Relay> => {
  const relay = await startRelay({
    source: SOURCE,
    checkpoints: memoryCheckpoints(),
    pause: never,
    ...options,
  });
  relays.push(relay);
  return relay;
};
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop();
});

export const lastOf = (store: ArrayStore): number => store.events.at(-1)?.position ?? 0;

/** A log whose publishes to some lanes wait for the gate. */
export const gated = (log: EventLog, closed: (lane: Lane) => boolean, gate: Promise<void>): EventLog => ({
  ...log,
  async publish(lane, records) {
    if (closed(lane)) await gate;
    await log.publish(lane, records);
  },
});
