// Durable appends through the stores of the product as the runtime opens them, in a thread of their own and in this one.
import { join } from 'node:path';
import { uuid5, uuidToBytes, URL_NAMESPACE } from '../../packages/core/src/index.ts';
import type { EventStore, NewEvent } from '../../packages/event-store/src/index.ts';
import { openStoreSide } from '../../packages/runtime/src/threads.ts';
import { median, percentile, roundsOf, type Bench, type Figure } from './figures.ts';
import { rawFlush, rawGroupCommit } from './limits.ts';
import { emptyFolder } from './places.ts';

const IN_FLIGHT = 64;
const BODY_BYTES = 250;
const ROUND_MS = 1_500;

type Round = { readonly perSecond: number; readonly latencies: readonly number[] };

let made = 0;
const newEvent = (): NewEvent => {
  const id = uuid5(URL_NAMESPACE, 'bench', String(made++));
  const body = Buffer.alloc(BODY_BYTES, 1);
  uuidToBytes(id).copy(body);
  return { id, type: 'OrderPlaced', key: id, body };
};

/** Appends one event after the other on each of `lanes` for a round: each lane to its own stream, or always to a new one. */
const round = async (store: EventStore, lanes: number, streams: 'same' | 'new'): Promise<Round> => {
  const latencies: number[] = [];
  const begun = performance.now();
  const lane = async (): Promise<void> => {
    const own = `order-${newEvent().id}`;
    let revision = -1;
    for (let now = performance.now(); now - begun < ROUND_MS; now = performance.now()) {
      const event = newEvent();
      if (streams === 'new') await store.append(`order-${event.id}`, 'none', [event]);
      else ({ revision } = await store.append(own, revision < 0 ? 'none' : revision, [event]));
      latencies.push(performance.now() - now);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { perSecond: latencies.length / ((performance.now() - begun) / 1_000), latencies };
};

const measure = async (placement: 'main' | 'worker', rounds: number) => {
  const folder = emptyFolder(`append-${placement}`);
  const fatal = (error: unknown): void => {
    throw error;
  };
  const side = await openStoreSide(
    placement,
    {
      eventFolder: join(folder, 'events'),
      keyFolder: join(folder, 'keys'),
      sources: ['order'],
      keyRoot: Buffer.alloc(32, 1).toString('base64'),
      faults: [],
    },
    fatal,
  );
  const store = side.stores('order');
  const crowd = await roundsOf(rounds, () => round(store, IN_FLIGHT, 'same'));
  const creating = await roundsOf(rounds, () => round(store, IN_FLIGHT, 'new'));
  const alone = await roundsOf(rounds, () => round(store, 1, 'same'));
  await side.close();
  return {
    perSecond: median(crowd.map(({ perSecond }) => perSecond)),
    newStreams: median(creating.map(({ perSecond }) => perSecond)),
    p99: median(crowd.map(({ latencies }) => percentile(latencies, 0.99))),
    sequential: median(alone.map(({ latencies }) => median(latencies))),
  };
};

export const bench: Bench = async ({ flushMs, rounds }) => {
  const raw = median(Array.from({ length: rounds }, () => rawGroupCommit(IN_FLIGHT, BODY_BYTES)));
  const flush = rawFlush();
  const figures: Figure[] = [];
  for (const placement of ['worker', 'main'] as const) {
    const { perSecond, newStreams, p99, sequential } = await measure(placement, rounds);
    const name = (what: string): string => `${what}, store in ${placement}`;
    const product = placement === 'worker'; // what the server does by default: the goals are for it
    figures.push(
      {
        name: name(`append, ${IN_FLIGHT} in flight`),
        value: perSecond,
        unit: 'events/s',
        ...(product && flushMs === 0 && { goal: { atLeast: 40_000 } }),
        limit: { name: 'raw group commit', value: raw },
      },
      {
        name: name('the same, each to a new stream'),
        value: newStreams,
        unit: 'events/s',
        limit: { name: 'raw group commit', value: raw },
      },
      {
        name: name('append p99'),
        value: p99,
        unit: 'ms',
        ...(product && { goal: { atMost: 2 + 2 * flush } }),
      },
      {
        name: name('append, one after the other, p50'),
        value: sequential,
        unit: 'ms',
        ...(product && { goal: { atMost: flush + 0.12 } }),
        limit: { name: 'one flush', value: flush },
      },
    );
  }
  return { about: { body: `${BODY_BYTES} B`, durability: 'flushed before the answer', rounds }, figures };
};
