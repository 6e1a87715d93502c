// A mixed load over all five services with everything that follows from it: reactions, deadlines, closed days.
import { median, percentile, roundsOf, type Bench } from './figures.ts';
import { closedLoop, openLoop, requestText, type Connection, type Reply } from './http-client.ts';
import { rawFlush } from './limits.ts';
import { lifeOf, programme, steps, type Life } from './lives.ts';
import { emptyFolder } from './places.ts';
import { startPlatform, type Platform } from './platform.ts';
import { ask, isSettled, until, type Json } from './server.ts';
import { cpuSeconds } from './usage.ts';

const STAGES = ['lead', 'customer', 'opportunity', 'order', 'service', 'loyalty'];
const PER_SECOND = 200;
const IN_FLIGHT = 32;
const CONNECTIONS = 64;
const ROUND_MS = 5_000;
/** Every so-many-th command is looked for in the 360. */
const SEEN_EVERY = 5;
/** Lives that begin between two commands of one life: what has to follow in between takes its time. */
const GAP = 8;
const FIRST_DAY = '2026-01-04';
/** Behind all days on which points come free, orders close and promises of the service desk end. */
const LAST_DAY = '2026-03-05';
const DAYS = 60;
/** A command that needs what a reaction has not made yet comes again so much later, at most so often. */
const AGAIN_MS = 20;
const MOST_TIMES = 500;

type Load = {
  /** The next command: as many lives as there are steps are on their way at once, each at another step. */
  readonly next: () => { readonly life: Life; readonly step: (typeof steps)[number]; readonly text: string };
  /** Commands that came before what they need. */
  early: number;
};

const loadOf = ({ headers }: Platform): Load => {
  const lives: Life[] = [];
  let [newest, at] = [-1, steps.length];
  return {
    early: 0,
    next() {
      for (;;) {
        if (at === steps.length) {
          lives.push(lifeOf(++newest));
          at = 0;
        }
        const [life, step] = [lives[newest - at * GAP], steps[at]];
        const key = `bench-${newest}-${at++}`;
        if (life === undefined || step === undefined) continue;
        // What follows from an earlier command is asked for when it is sent: a request is written once and repeated.
        const body = JSON.stringify(step.body?.(life) ?? {});
        const about = { ...headers, 'idempotency-key': key, 'if-match': '*' };
        return { life, step, text: requestText('POST', step.path(life), about, body) };
      }
    },
  };
};

/** Sends the next command until it is accepted; answers where its event is, and what came too early. */
const live = async (load: Load, connection: Connection) => {
  const { life, step, text } = load.next();
  for (let times = 0; times < MOST_TIMES; times++) {
    const reply = await connection.send(text);
    if (reply.status < 300) {
      step.learn?.(life, JSON.parse(reply.body) as Json);
      return { life, reply, punctual: times === 0 };
    }
    if (reply.status !== 404 && reply.status !== 409 && reply.status !== 422) throw refused(reply, text);
    if (times === MOST_TIMES - 1) throw refused(reply, text);
    if (times === 0) load.early++;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  throw new TypeError('not reached');
};

const refused = ({ status, body }: Reply, text: string): Error =>
  new Error(`${text.slice(0, text.indexOf('\r\n'))}: ${status} ${body}`);

const seeIn360 = async ({ headers }: Platform, connection: Connection, customer: string, { head }: Reply) => {
  const position = /x-position: (\S+)/i.exec(head)?.[1] ?? '';
  const path = `/api/customers/${customer}/360?minPosition=${position}`;
  const seen = await connection.send(requestText('GET', path, headers));
  if (seen.status !== 200) throw refused(seen, `GET ${path}\r\n`);
};

/** Until nothing follows any more: what one process writes may be another one's work, so twice at the same heads. */
const settle = async (platform: Platform): Promise<number> => {
  const begun = performance.now();
  let heads = '';
  await until('everything has followed', async () => {
    const status = await ask(platform, 'GET', '/ops/status');
    const before = heads;
    heads = JSON.stringify(status['services']);
    return heads === before && isSettled(status);
  });
  return performance.now() - begun;
};

const eventsIn = async (platform: Platform): Promise<number> =>
  Object.values((await ask(platform, 'GET', '/ops/status'))['services'] as Json).reduce(
    (sum: number, { events }: Json) => sum + (events as number),
    0,
  );

type OpenRound = {
  readonly commands: readonly number[];
  readonly visible: readonly number[];
  readonly settledMs: number;
};

const openRound = async (platform: Platform, load: Load): Promise<OpenRound> => {
  const commands: number[] = [];
  const visible: number[] = [];
  await openLoop(platform.connections, PER_SECOND, ROUND_MS, async (connection, n, due) => {
    const { life, reply, punctual } = await live(load, connection);
    if (!punctual) return;
    commands.push(performance.now() - due);
    if (n % SEEN_EVERY > 0) return;
    await seeIn360(platform, connection, life.customer, reply);
    visible.push(performance.now() - due);
  });
  return { commands, visible, settledMs: await settle(platform) };
};

type ClosedRound = {
  /** Processor time per command, with all that follows from it. */
  readonly cpuMs: number;
  readonly perSecond: number;
  readonly latencies: readonly number[];
  readonly settledMs: number;
};

const closedRound = async (platform: Platform, load: Load): Promise<ClosedRound> => {
  const some = platform.connections.slice(0, IN_FLIGHT);
  const latencies: number[] = [];
  const cpu = cpuSeconds(platform.pid);
  const { perSecond, latencies: all } = await closedLoop(some, ROUND_MS, async (connection) => {
    const begun = performance.now();
    const { punctual } = await live(load, connection);
    if (punctual) latencies.push(performance.now() - begun);
  });
  const settledMs = await settle(platform);
  const cpuMs = ((cpuSeconds(platform.pid) - cpu) * 1_000) / all.length;
  return { perSecond, latencies, settledMs, cpuMs };
};

const openedPlatform = async (): Promise<Platform> => {
  const platform = await startPlatform(emptyFolder('lifecycle'), {
    connections: CONNECTIONS,
    roles: ['supervisor', ...STAGES.map((stage) => `service:${stage}`)],
    args: ['--settable-clock'],
  });
  await ask(platform, 'POST', '/ops/clock', { closeThrough: FIRST_DAY });
  const [connection] = platform.connections;
  for (const { path, body } of programme) {
    const text = requestText('POST', path, { ...platform.headers, 'if-match': '*' }, JSON.stringify(body));
    const reply = await connection?.send(text);
    if (reply === undefined || reply.status >= 300)
      throw new Error(`${path}: ${reply?.status} ${reply?.body}`);
  }
  return platform;
};

/** What the deadlines of all lives bring when time passes. */
const passTime = async (platform: Platform) => {
  const before = await eventsIn(platform);
  const begun = performance.now();
  await ask(platform, 'POST', '/ops/clock', { closeThrough: LAST_DAY });
  await settle(platform);
  const seconds = (performance.now() - begun) / 1_000;
  return { seconds, events: (await eventsIn(platform)) - before };
};

export const bench: Bench = async ({ flushMs, rounds }) => {
  const flush = rawFlush();
  const platform = await openedPlatform();
  const load = loadOf(platform);
  const closed = await roundsOf(rounds, () => closedRound(platform, load)); // the first one gets all steps under way
  platform.resetDelay();
  const open = await roundsOf(rounds, () => openRound(platform, load));
  const events = await eventsIn(platform);
  const { customers } = await ask(platform, 'GET', '/ops/status');
  const passed = await passTime(platform);
  const delay = await platform.end();
  const of = <T>(all: readonly T[], pick: (one: T) => number): number => median(all.map(pick));
  const part = (pick: (one: OpenRound) => readonly number[], p: number): number =>
    of(open, (round) => percentile(pick(round), p));
  return {
    about: {
      steps: `${steps.length} commands make a life`,
      customers: customers as number,
      events,
      early: `${load.early} commands came before what they need, and again`,
      daysClosed: DAYS,
      eventsOfDays: passed.events,
      rounds,
    },
    figures: [
      {
        name: `lifecycle, ${IN_FLIGHT} in flight`,
        value: of(closed, (one) => one.perSecond),
        unit: 'commands/s',
      },
      {
        name: 'processor time of a command, with what follows',
        value: of(closed, (one) => one.cpuMs),
        unit: 'ms',
      },
      { name: 'command p50', value: of(closed, (one) => median(one.latencies)), unit: 'ms' },
      { name: 'command p99', value: of(closed, (one) => percentile(one.latencies, 0.99)), unit: 'ms' },
      { name: 'last command to nothing follows', value: of(closed, (one) => one.settledMs), unit: 'ms' },
      { name: `at ${PER_SECOND}/s: command p50`, value: part(({ commands }) => commands, 0.5), unit: 'ms' },
      {
        name: `at ${PER_SECOND}/s: command p99`,
        value: part(({ commands }) => commands, 0.99),
        unit: 'ms',
        goal: { atMost: flushMs > 0 ? 30 : 25 },
        limit: { name: 'one flush', value: flush },
      },
      { name: `at ${PER_SECOND}/s: visible p50`, value: part(({ visible }) => visible, 0.5), unit: 'ms' },
      {
        name: `at ${PER_SECOND}/s: visible p99`,
        value: part(({ visible }) => visible, 0.99),
        unit: 'ms',
        goal: { atMost: 40 },
      },
      {
        name: `at ${PER_SECOND}/s: last command to nothing follows`,
        value: of(open, (one) => one.settledMs),
        unit: 'ms',
      },
      {
        name: 'event-loop delay of the HTTP thread, p99',
        value: delay.p99,
        unit: 'ms',
        goal: { atMost: 10 },
      },
      { name: `closing ${DAYS} days, with what follows`, value: passed.seconds, unit: 's' },
    ],
  };
};
