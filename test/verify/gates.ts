// The gates of a release and their sizes: what runs, how much of it, and how a run is told to do so much.
import { existsSync } from 'node:fs';
import { allMutants } from '../../packages/testing/src/mutants/index.ts';
import { MASTER, SAMPLE } from './real-files.ts';

export type Sizes = {
  /** Of counters. */
  readonly schedules: number;
  /** Schedules of all services and processes. */
  readonly lifecycles: number;
  /** Per kind of process. */
  readonly kills: number;
  /** Images per store. */
  readonly powerCuts: number;
  readonly requests: number;
  readonly buffers: number;
};

export const SIZES: Readonly<Record<'verify' | 'release', Sizes>> = {
  verify: {
    schedules: 18_000,
    lifecycles: 4_000,
    kills: 200,
    powerCuts: 1_000,
    requests: 20_000,
    buffers: 200_000,
  },
  release: {
    schedules: 450_000,
    lifecycles: 50_000,
    kills: 2_000,
    powerCuts: 20_000,
    requests: 500_000,
    buffers: 1_000_000,
  },
};

export type Gate = {
  readonly name: string;
  /** How much of what. */
  readonly count: string;
  /** Arguments of node, from the root. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Why it cannot run here; it is then named and left out. */
  readonly missing?: string;
};

const vitest = (...args: readonly string[]): readonly string[] => [
  'node_modules/vitest/vitest.mjs',
  'run',
  ...args,
];
const integration = (path: string): readonly string[] => vitest('--project', 'integration', path);
const amount = (count: number, what: string): string => `${count.toLocaleString('en-US')} ${what}`;

/** Every gate, the longest first: two run at a time. */
export const gatesOf = (sizes: Sizes, seed: number): readonly Gate[] => {
  const { schedules, lifecycles, kills, powerCuts, requests, buffers } = sizes;
  const seeded = { TENURE_SEED: String(seed), FUZZ_SEED: String(seed) };
  const kill = (name: string, path: string): Gate => ({
    name: `kill:${name}`,
    count: amount(kills, 'kill -9'),
    command: integration(path),
    env: { ...seeded, TENURE_KILLS: String(kills) },
  });
  const powerCut = (name: string, path: string): Gate => ({
    name: `power-cut:${name}`,
    count: amount(powerCuts, 'images'),
    command: integration(path),
    env: { ...seeded, TENURE_POWER_CUTS: String(powerCuts) },
  });
  const fuzz = (name: string, count: string, command: readonly string[], size: number): Gate => ({
    name: `fuzz:${name}`,
    count,
    command,
    env: { ...seeded, FUZZ_COUNT: String(size) },
  });
  const simulated = (name: string, runs: number, ...flags: readonly string[]): Gate => ({
    name: `simulation:${name}`,
    count: amount(runs, 'schedules'),
    command: ['test/simulation/main.ts', ...flags, '--seed', String(seed), '--runs', String(runs)],
    env: {},
  });
  const filesAreThere = existsSync(SAMPLE) && existsSync(MASTER);
  return [
    kill('server', 'test/e2e/kill.test.ts'),
    {
      name: 'mutants',
      count: `all, ${allMutants().length}`,
      command: integration('test/mutants/mutants.test.ts'),
      env: {},
    },
    simulated('counters', schedules),
    simulated('lifecycle', lifecycles, '--lifecycle'),
    {
      name: 'real-files',
      count: '76,578 rows, 10 kill -9',
      command: vitest('--config', 'test/verify/vitest.config.ts'),
      env: seeded,
      ...(!filesAreThere && { missing: `${SAMPLE} and ${MASTER} are not there` }),
    },
    kill('projections', 'packages/projections/test/crash.test.ts'),
    kill('event-store', 'packages/event-store/test/kill.test.ts'),
    kill('relay', 'packages/event-log/test/kill.test.ts'),
    kill('keys', 'packages/keys/test/kill.test.ts'),
    powerCut('event-store', 'packages/event-store/test/power-cut.test.ts'),
    powerCut('keys', 'packages/keys/test/power-cut.test.ts'),
    powerCut('log', 'packages/event-log/test/power-cut.test.ts'),
    fuzz('server', amount(requests, 'requests'), integration('test/e2e/fuzz.test.ts'), requests),
    fuzz('edge', amount(requests, 'requests'), integration('packages/http/test/fuzz.test.ts'), requests),
    fuzz(
      'events',
      amount(buffers, 'buffers'),
      vitest('--project', 'unit', 'packages/events/src/fuzz.spec.ts'),
      buffers,
    ),
    {
      name: 'authorisation:server',
      count: 'all cells',
      command: integration('test/e2e/authorisation.test.ts'),
      env: {},
    },
    {
      name: 'authorisation:edge',
      count: 'all cells',
      command: integration('packages/http/test/authorisation.test.ts'),
      env: {},
    },
  ];
};
