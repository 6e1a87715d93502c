// From the start of the process to the first green answer of /readyz: with nothing, and with a log of some size.
import { join } from 'node:path';
import { openSqliteEventStore } from '../../packages/event-store/src/sqlite/index.ts';
import { openSqliteKeyStore } from '../../packages/keys/src/sqlite/index.ts';
import type { EventStore } from '../../packages/event-store/src/index.ts';
import { appendAll, kept, STEP } from './dataset.ts';
import { customerIdOf, EVENTS_PER_CUSTOMER, eventsOf } from './events.ts';
import { median, type Bench } from './figures.ts';
import { emptyFolder } from './places.ts';
import { ask, isSettled, secretOf, startServer, until } from './server.ts';

/** All projections catch up on the whole log once. */
const PATIENCE_MS = 1_800_000;
const KEYS_AT_ONCE = 1_000;

/** A data directory whose stores hold so many events and whose read models have folded them. */
export const keptServer = (events: number): Promise<string> =>
  kept(`server-${events}`, async (folder) => {
    const data = join(folder, 'data');
    await (await startServer(data)).stop(); // makes the directory with its secrets
    await fill(data, events);
    const server = await startServer(data);
    await until(
      'everything is folded',
      async () => isSettled(await ask(server, 'GET', '/ops/status')),
      PATIENCE_MS,
    );
    await server.stop();
  });

const fill = async (data: string, events: number): Promise<void> => {
  const rootSecret = secretOf(data, 'keys');
  const keyStore = await openSqliteKeyStore({ file: join(data, 'keys', 'keys.db'), rootSecret });
  const stores = new Map<string, EventStore>();
  for (const source of ['customer', 'order'])
    stores.set(
      source,
      openSqliteEventStore({
        file: join(data, 'events', `${source}.db`),
        onFatal(error) {
          throw error;
        },
      }),
    );
  const storeOf = (source: string): EventStore => {
    const store = stores.get(source);
    if (store === undefined) throw new TypeError(`no store of ${source}`);
    return store;
  };
  const ids = Array.from({ length: Math.ceil(events / EVENTS_PER_CUSTOMER) }, (_, n) => customerIdOf(n));
  const dataKeys = new Map();
  for (let i = 0; i < ids.length; i += KEYS_AT_ONCE)
    for (const [id, key] of await keyStore.ensure(ids.slice(i, i + KEYS_AT_ONCE))) dataKeys.set(id, key);
  for (let from = 0; from < events; from += STEP) {
    const to = Math.min(events, from + STEP);
    await appendAll(
      eventsOf(events, from, to, (id) => dataKeys.get(id)),
      storeOf,
    );
  }
  for (const store of stores.values()) await store.close();
  await keyStore.close();
};

const secondsToReady = async (data: string): Promise<number> => {
  const begun = performance.now();
  const server = await startServer(data);
  const seconds = (performance.now() - begun) / 1_000;
  await server.stop();
  return seconds;
};

export const bench: Bench = async ({ events, rounds }) => {
  const full = join(await keptServer(events), 'data');
  const empty: number[] = [];
  const loaded: number[] = [];
  for (let i = 0; i < rounds; i++) {
    empty.push(await secondsToReady(join(emptyFolder('restart'), 'data')));
    loaded.push(await secondsToReady(full));
  }
  return {
    about: { events, rounds, ready: 'GET /readyz answers 200; asked every 10 ms' },
    figures: [
      { name: 'start to ready, empty', value: median(empty), unit: 's', goal: { atMost: 1 } },
      {
        name: `start to ready, ${events / 1e6} M events`,
        value: median(loaded),
        unit: 's',
        goal: { atMost: 1.5 },
      },
    ],
  };
};
