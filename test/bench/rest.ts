// A server that nobody asks anything: what it takes of memory and of a core, with nothing in it and with a log.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median, type Bench, type Figure } from './figures.ts';
import { emptyFolder } from './places.ts';
import { keptServer } from './restart.ts';
import { ask, startServer, tokenFor, type Server } from './server.ts';
import { cpuSeconds, residentMb } from './usage.ts';

/** Behind it nothing of the start is left: compilers and collectors have ended. */
const COME_TO_REST_MS = 10_000;
const WATCHED_MS = 20_000;
/** Consoles that follow what changes. */
const STREAMS = 10;
type Rested = { readonly mb: number; readonly share: number };

const watched = async ({ pid }: Server): Promise<Rested> => {
  await pause(COME_TO_REST_MS);
  const mb = residentMb(pid);
  const before = cpuSeconds(pid);
  await pause(WATCHED_MS);
  return { mb, share: ((cpuSeconds(pid) - before) / (WATCHED_MS / 1_000)) * 100 };
};

type Rest = { readonly start: number; readonly alone: Rested; readonly followed: Rested };

/** From the start to rest, then with so many streams open. */
const restOf = async (data: string): Promise<Rest> => {
  const begun = performance.now();
  const server = await startServer(data);
  const start = (performance.now() - begun) / 1_000;
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
  return { start, alone, followed };
};

const figuresOf = (what: string, readyIn: number, all: readonly Rest[]): readonly Figure[] => {
  const of = (pick: (one: Rest) => number): number => median(all.map(pick));
  return [
    {
      name: `start to ready, ${what}`,
      value: of(({ start }) => start),
      unit: 's',
      goal: { atMost: readyIn },
    },
    { name: `memory at rest, ${what}`, value: of(({ alone }) => alone.mb), unit: 'MB' },
    {
      name: `CPU at rest, ${what}`,
      value: of(({ alone }) => alone.share),
      unit: '% of a core',
      goal: { atMost: 2 },
    },
    {
      name: `the same with ${STREAMS} streams open`,
      value: of(({ followed }) => followed.share),
      unit: '% of a core',
      goal: { atMost: 2 },
    },
  ];
};

export const bench: Bench = async ({ events, rounds }) => {
  const full = join(await keptServer(events), 'data');
  const empty: Rest[] = [];
  const loaded: Rest[] = [];
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
    figures: [...figuresOf('empty', 1, empty), ...figuresOf(`${events / 1e6} M events`, 1.5, loaded)],
  };
};

const projectionsOf = async (data: string): Promise<number> => {
  const server = await startServer(data);
  const { projections } = await ask(server, 'GET', '/ops/status');
  await server.stop();
  return Object.keys(projections as object).length;
};
