// Runs the gate of a mutant with the bug in the product. A bug that no gate sees fails the run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inPlace, MUTANT_VARIABLE, mutantNames, mutated, readMutant, type Gate } from './mutant.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = fileURLToPath(new URL('../../../../test/mutants', import.meta.url));
const hook = new URL('hook.ts', import.meta.url).href;
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));

// A bug may make its gate hang: that kills it too, after several times what the slowest gate takes.
const GATE_TIMEOUT_MS = 180_000;
/** How `test/simulation/main.ts` says that an invariant is broken; 1 is what Node answers for any error of the run itself. */
const VIOLATION = 3;

/** `broken`: the run proves nothing, because the gate fails without the bug too or never met it; `output` says how. */
export type MutantResult = {
  readonly name: string;
  readonly bug: string;
  readonly outcome: 'killed' | 'survived' | 'broken';
  readonly ms: number;
  readonly output: string;
};

type GateRun = { readonly code: number | null; readonly output: string; readonly timedOut: boolean };

export const allMutants = (): readonly string[] => mutantNames(folder);

/** Those that a specification beside its code or a simulation notices: seconds each, so `npm test` runs them. */
export const quickMutants = (): readonly string[] =>
  allMutants().filter((name) => {
    const { gate } = readMutant(folder, name);
    return !('vitest' in gate) || gate.vitest.includes('/src/');
  });

// Gates without a bug, each run once per process: a gate that fails by itself would "kill" whatever it is given.
const clean = new Map<string, Promise<GateRun>>();

const cleanRun = (gate: Gate): Promise<GateRun> => {
  const key = JSON.stringify(gate);
  const known = clean.get(key);
  if (known !== undefined) return known;
  const run = runGate('', gate);
  clean.set(key, run);
  return run;
};

export type RunOptions = {
  /** The gates are known to pass without a bug: they ran just now. Default: each is run without one first. */
  readonly trusted?: boolean;
};

/** Runs mutants, some at once, and tells each result as it comes; answers all of them, in the order of the names. */
export const runMutants = async (
  names: readonly string[],
  options: RunOptions & { readonly atOnce: number; readonly onResult?: (result: MutantResult) => void },
): Promise<readonly MutantResult[]> => {
  const results = new Map<string, MutantResult>();
  const waiting = [...names];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const result = await runMutant(name, options);
      results.set(name, result);
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return names.flatMap((name) => results.get(name) ?? []);
};

/** Runs the gate of one mutant in a child process. Throws when the mutant does not fit the product any more. */
export const runMutant = async (
  name: string,
  { trusted = false }: RunOptions = {},
): Promise<MutantResult> => {
  const mutant = readMutant(folder, name);
  const { bug, gate } = mutant;
  const source = readFileSync(new URL(mutant.file, `file://${root}`), 'utf8');
  stripTypeScriptTypes(mutated(mutant, source)); // a bug that does not even load proves nothing
  const started = performance.now();
  const result = (outcome: MutantResult['outcome'], output: string): MutantResult => ({
    name,
    bug,
    outcome,
    ms: Math.round(performance.now() - started),
    output,
  });
  const without = trusted ? null : await cleanRun(gate);
  if (without !== null && without.code !== 0)
    return result('broken', `the gate fails without the bug:\n${without.output}`);
  const run = await runGate(name, gate);
  if (!run.output.includes(inPlace(name)))
    return result('broken', `the gate never loads ${mutant.file}:\n${run.output}`);
  return result(outcomeOf(gate, run), run.output);
};

const outcomeOf = (gate: Gate, { code, output, timedOut }: GateRun): MutantResult['outcome'] => {
  if (timedOut) return 'killed';
  if (code === 0) return 'survived';
  if (!('vitest' in gate)) return code === VIOLATION ? 'killed' : 'broken';
  return /^ *Tests .*\d+ failed/m.test(output) ? 'killed' : 'broken';
};

const commandOf = (gate: Gate): readonly string[] => {
  if ('vitest' in gate) return ['node_modules/vitest/vitest.mjs', 'run', '--config', config, gate.vitest];
  const schedules =
    'lifecycle' in gate ? ['--lifecycle', '--runs', gate.lifecycle] : ['--runs', gate.simulation];
  return ['--import', hook, 'test/simulation/main.ts', '--seed', '1', ...schedules.map(String)];
};

const runGate = async (name: string, gate: Gate): Promise<GateRun> => {
  // Processes and threads that a gate starts get the bug as well.
  const options = `${process.env['NODE_OPTIONS'] ?? ''} --import ${hook}`;
  const env = {
    ...process.env,
    NO_COLOR: '1',
    [MUTANT_VARIABLE]: name,
    NODE_OPTIONS: 'vitest' in gate ? options : '',
  };
  const child = spawn(process.execPath, commandOf(gate), { cwd: root, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, GATE_TIMEOUT_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return { code, output, timedOut };
};
