// `npm run simulate -- [--lifecycle] --seed N --runs K`: K schedules from seed N on (1 each by default) of counters, whose
// state shows every event that is lost, repeated or swapped; with --lifecycle of all services and processes. Exit codes:
// 0 all invariants held, 3 one is broken (its seed and last steps are printed), anything else: the run itself failed.
import { parseArgs } from 'node:util';
import {
  runLifecycle,
  runSchedule,
  type ScheduleResult,
} from '../../packages/testing/src/simulation/index.ts';

const usage = 'usage: npm run simulate -- [--lifecycle] [--seed N] [--runs K]';
const VIOLATION = 3;
const MAX_RUNS = 10_000_000;

const numberOf = (text: string, name: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && value <= MAX_RUNS) return value;
  throw new TypeError(`--${name} must be a whole number from 0 to ${MAX_RUNS}. ${usage}`);
};

const report = ({ seed, violation, trace, rates, crashes }: ScheduleResult, flag: string): string =>
  [
    ...trace,
    '',
    `seed ${seed}, ${crashes} crashes, rates ${JSON.stringify(rates)}`,
    `VIOLATION ${violation}`,
    `again: npm run simulate -- ${flag}--seed ${seed}`,
  ].join('\n');

const simulate = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      lifecycle: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1' },
    },
  });
  const flag = values.lifecycle ? '--lifecycle ' : '';
  const run = values.lifecycle ? runLifecycle : runSchedule;
  const first = numberOf(values.seed, 'seed');
  const runs = numberOf(values.runs, 'runs');
  const started = performance.now();
  let events = 0;
  let crashes = 0;
  for (let seed = first; seed < first + runs; seed++) {
    const result = await run(seed);
    events += result.events;
    crashes += result.crashes;
    if (result.violation === null) continue;
    console.error(report(result, flag));
    return VIOLATION;
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${runs} ${values.lifecycle ? 'lifecycles' : 'schedules'} from seed ${first}: ${events} events, ${crashes} crashes, 0 violations, ${seconds.toFixed(1)} s`,
  );
  return 0;
};

try {
  process.exitCode = await simulate();
} catch (error) {
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = 2;
}
