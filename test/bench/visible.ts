// From a command to its trace in the 360, 500 a second, counted from when each was due; also while the 360 is rebuilt.
import { openLoop, requestText, type Connection } from './http-client.ts';
import { median, percentile, roundsOf, type Bench } from './figures.ts';
import { rawFlush } from './limits.ts';
import { emptyFolder } from './places.ts';
import { orderRequest, startPlatform, type Platform } from './platform.ts';
import { ask, isSettled, until } from './server.ts';

const PER_SECOND = 500;
const ROUND_MS = 3_000;
const CUSTOMERS = 2_000;
/** More than are ever in flight at this rate: a connection is no limit. */
const CONNECTIONS = 64;

/** Places an order, then reads the customer's 360 as of its position: the answer comes when it is there. */
const placeAndSee = async (platform: Platform, connection: Connection, n: number): Promise<void> => {
  const placed = await connection.send(orderRequest(platform, n));
  const position = /x-position: (\S+)/i.exec(placed.head)?.[1];
  if (position === undefined) throw new Error(`${placed.status}: ${placed.body}`);
  const customer = platform.customers[n % platform.customers.length] ?? '';
  const path = `/api/customers/${customer}/360?minPosition=${position}`;
  const seen = await connection.send(requestText('GET', path, platform.headers));
  if (seen.status !== 200) throw new Error(`${seen.status}: ${seen.body}`);
};

const GOALS = {
  fast: { p50: 4, p99: 40 },
  slow: { p50: 9, p99: 40 },
  duringRebuild: 90,
} as const;

export const bench: Bench = async ({ flushMs, rounds }) => {
  const flush = rawFlush();
  const platform = await startPlatform(emptyFolder('visible'), {
    connections: CONNECTIONS,
    customers: CUSTOMERS,
  });
  let first = 0;
  const round = async (): Promise<readonly number[]> => {
    const from = first;
    first += (PER_SECOND * ROUND_MS) / 1_000;
    return openLoop(platform.connections, PER_SECOND, ROUND_MS, (connection, n) =>
      placeAndSee(platform, connection, from + n),
    );
  };
  const quiet = await roundsOf(rounds, round);
  const rebuilding: (readonly number[])[] = [];
  for (let i = 0; i < rounds; i++) rebuilding.push(await whileRebuilding(platform, round));
  await platform.end();
  const goal = flushMs > 0 ? GOALS.slow : GOALS.fast;
  const of = (all: readonly (readonly number[])[], part: number): number =>
    median(all.map((latencies) => percentile(latencies, part)));
  return {
    about: { perSecond: PER_SECOND, customers: CUSTOMERS, rounds, seen: 'GET …/360?minPosition' },
    figures: [
      {
        name: 'visible p50',
        value: of(quiet, 0.5),
        unit: 'ms',
        goal: { atMost: goal.p50 },
        limit: { name: 'one flush', value: flush },
      },
      { name: 'visible p99', value: of(quiet, 0.99), unit: 'ms', goal: { atMost: goal.p99 } },
      { name: 'visible p50 during rebuilds', value: of(rebuilding, 0.5), unit: 'ms' },
      {
        name: 'visible p99 during rebuilds',
        value: of(rebuilding, 0.99),
        unit: 'ms',
        goal: { atMost: GOALS.duringRebuild },
      },
    ],
  };
};

/** One round with rebuilds of the 360 one after the other beside it. */
const whileRebuilding = async <T>(platform: Platform, round: () => Promise<T>): Promise<T> => {
  const stop = new AbortController();
  const rebuilds = (async () => {
    while (!stop.signal.aborted) await rebuild(platform);
  })();
  const result = await round();
  stop.abort();
  await rebuilds;
  await until('everything is folded', async () => isSettled(await ask(platform, 'GET', '/ops/status')));
  return result;
};

const rebuild = async (platform: Platform): Promise<void> => {
  const request = { projection: 'customer-360', activate: true };
  const { id } = await ask(platform, 'POST', '/ops/replays', request);
  await until('the replay ends', async () => {
    const { state } = await ask(platform, 'GET', `/ops/replays/${id}`);
    return ['active', 'failed'].includes(state as string);
  });
};
