// `npm run bench -- append command …`: measures, each in processes of its own, and prints a table. Without names: all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { othersRun } from './alone.ts';
import type { Measured, Setting } from './figures.ts';
import { slowFlush } from './slow-flush.ts';
import { tableOf } from './table.ts';

/** `latency`: measured twice, on the disk as it is and with an emulated flush (the ranking turns over between them). */
const BENCHES: Readonly<Record<string, { readonly latency: boolean }>> = {
  append: { latency: true },
  command: { latency: true },
  visible: { latency: true },
  lifecycle: { latency: true },
  import: { latency: false },
  rebuild: { latency: false },
  heal: { latency: false },
  live: { latency: false },
  relay: { latency: false },
  restart: { latency: false },
  rest: { latency: false },
};

const USAGE = `usage: npm run bench -- [NAME …] [--json] [--flush 3ms|none] [--events N] [--rounds N] [--file CDNOW.txt]
names: ${Object.keys(BENCHES).join(' ')}
--flush  measures everything with flushes of at least so long (none: only the disk as it is);
         by default latencies are measured on the disk as it is and with 3 ms
--events size of the log of rebuild, heal, live, relay, restart, rest (1,000,000); generated once, kept under .data/bench
--rounds measured rounds after the first one, of which the median counts (5)
--file   import: a file of purchases like CDNOW_sample.txt instead of a generated one`;

const options = {
  json: { type: 'boolean', default: false },
  flush: { type: 'string' },
  events: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '5' },
  file: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const DEFAULT_FLUSH_MS = 3;

const usage = (problem: string): never => {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
};

const wholeNumber = (text: string, name: string): number => {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : usage(`--${name} must be a whole number`);
};

/** The disks to measure on, as the time a flush takes at least; 0: as it is. */
const disksOf = (flush: string | undefined, latency: boolean): readonly number[] => {
  if (flush === undefined) return latency ? [0, DEFAULT_FLUSH_MS] : [0];
  if (flush === 'none') return [0];
  const ms = /^(\d+(?:\.\d+)?)ms$/.exec(flush)?.[1];
  return [ms === undefined ? usage('--flush must be like 3ms, or none') : Number(ms)];
};

const run = async (bench: string, setting: Setting): Promise<Measured | null> => {
  const slow = setting.flushMs === 0 ? {} : slowFlush(setting.flushMs);
  if (slow === null) {
    console.error(
      `SKIPPED: ${bench} with a flush of ${setting.flushMs} ms needs Linux and a C compiler (cc)`,
    );
    return null;
  }
  const child = spawn(
    process.execPath,
    ['--expose-gc', join(import.meta.dirname, 'run.ts'), bench, JSON.stringify(setting)],
    { env: { ...process.env, ...slow }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    console.error(`FAILED: ${bench}`);
    process.exitCode = 1;
    return null;
  }
  const disk = setting.flushMs === 0 ? 'as it is' : `${setting.flushMs} ms flush`;
  return { bench, disk, ...(JSON.parse(text.trim().split('\n').at(-1) ?? '') as object) } as Measured;
};

const { values, positionals } = (() => {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
})();
if (values.help) usage('');
const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) usage(`there is no benchmark ${unknown}`);

const other = othersRun();
if (other !== null) usage(`the process ${other} is measuring already: wait for its end`);

const machine = {
  node: process.version,
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? '',
  at: new Date(),
  /** What others did on it just before. */
  load: Number(loadavg()[0]?.toFixed(1)),
};
const all: Measured[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES))
  for (const flushMs of disksOf(values.flush, BENCHES[name]?.latency ?? false)) {
    console.error(`${name}, ${flushMs === 0 ? 'the disk as it is' : `a flush of ${flushMs} ms`} …`);
    const events = wholeNumber(values.events, 'events');
    const rounds = wholeNumber(values.rounds, 'rounds');
    const measured = await run(name, { flushMs, events, rounds, file: values.file });
    if (measured === null) continue;
    all.push(measured);
    console.error(
      Object.entries(measured.about)
        .map(([key, value]) => `  ${key}: ${value}`)
        .join('\n'),
    );
  }
if (values.json) console.log(JSON.stringify({ machine, measured: all }));
else
  console.log(
    `\nNode ${machine.node}, ${machine.cores} × ${machine.cpu}, load before the run ${machine.load}\n\n${tableOf(all)}`,
  );
