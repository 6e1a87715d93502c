// A server that nobody asks anything: what it takes of memory and of a core, with nothing in it and with a log.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median, type Bench, type Figure } from './figures.ts';
import { emptyFolder } from './places.ts';
import { keptServer } from './restart.ts';
import { ask, startServer, tokenFor, type Server } from './server.ts';

/** Behind it nothing of the start is left: compilers and collectors have ended. */
const COME_TO_REST_MS = 10_000;
const WATCHED_MS = 20_000;
/** Consoles that follow what changes. */
const STREAMS = 10;
/** USER_HZ of Linux. */
const TICKS_PER_SECOND = 100;

type Rested = { readonly mb: number; readonly share: number };

/** Seconds of processor time of a process, all threads. */
const cpuSeconds = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' '); // from the state on: utime and stime are 14 and 15 of all
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_000;

const watched = async ({ pid }: Server): Promise<Rested> => {
  await pause(COME_TO_REST_MS);
  const mb = residentMb(pid);
  const before = cpuSeconds(pid);
  await pause(WATCHED_MS);
  return { mb, share: ((cpuSeconds(pid) - before) / (WATCHED_MS / 1_000)) * 100 };
};

/** At rest, then with so many streams open. */
const restOf = async (data: string): Promise<readonly [Rested, Rested]> => {
  const server = await startServer(data);
  const alone = await watched(server);
  const leave = new AbortController();
  const headers = { authorization: `Bearer ${await tokenFor(data, 'admin')}` };
  for (let i = 0; i < STREAMS; i++) {
    const { status } = await fetch(`${server.url}/api/stream`, { headers, signal: leave.signal });
    if (status !== 200) throw new Error(`the stream answers ${status}`);
  }
  const followed = await watched(server);
  leave.abort();
  await server.stop();
  return [alone, followed];
};

const figuresOf = (what: string, all: readonly (readonly [Rested, Rested])[]): readonly Figure[] => {
  const of = (pick: (one: readonly [Rested, Rested]) => number): number => median(all.map(pick));
  return [
    { name: `memory at rest, ${what}`, value: of(([alone]) => alone.mb), unit: 'MB' },
    {
      name: `CPU at rest, ${what}`,
      value: of(([alone]) => alone.share),
      unit: '% of a core',
      goal: { atMost: 2 },
    },
    {
      name: `the same with ${STREAMS} streams open`,
      value: of(([, followed]) => followed.share),
      unit: '% of a core',
      goal: { atMost: 2 },
    },
  ];
};

export const bench: Bench = async ({ events, rounds }) => {
  const full = join(await keptServer(events), 'data');
  const empty: (readonly [Rested, Rested])[] = [];
  const loaded: (readonly [Rested, Rested])[] = [];
  let projections = 0;
  for (let i = 0; i < rounds; i++) {
    const data = join(emptyFolder('rest'), 'data');
    empty.push(await restOf(data));
    loaded.push(await restOf(full));
    projections = await projectionsOf(data);
  }
  return {
    about: {
      events,
      rounds,
      projections,
      watched: `${WATCHED_MS / 1_000} s after ${COME_TO_REST_MS / 1_000} s`,
    },
    figures: [...figuresOf('empty', empty), ...figuresOf(`${events / 1e6} M events`, loaded)],
  };
};

const projectionsOf = async (data: string): Promise<number> => {
  const server = await startServer(data);
  const { projections } = await ask(server, 'GET', '/ops/status');
  await server.stop();
  return Object.keys(projections as object).length;
};
