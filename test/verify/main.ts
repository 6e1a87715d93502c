// `npm run verify [-- --release] [--only NAME] [--seed N]`: the gates at the size of a release, as a table
// gate × count × seconds × result. Exit codes: 0 all passed, 1 one failed, 2 the call is wrong.
import { parseArgs } from 'node:util';
import { gatesOf, SIZES, type Gate } from './gates.ts';
import { runGate, type GateResult } from './run-gate.ts';

const usage = 'usage: npm run verify [-- --release] [--only NAME]… [--seed N] [--at-once N]';
/** Gates at once: each is mostly one busy process, and a laptop has two cores at least. */
const AT_ONCE = 2;

class Usage extends Error {}

const wholeNumber = (text: string, name: string): number => {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= 1) return value;
  throw new Usage(`--${name} must be a whole number from 1.`);
};

/** A gate, or all gates of a kind: `kill` means kill:server, kill:relay, … */
const chosen = (gates: readonly Gate[], only: readonly string[]): readonly Gate[] => {
  const fits = (gate: Gate, name: string): boolean => gate.name === name || gate.name.startsWith(`${name}:`);
  const unknown = only.find((name) => !gates.some((gate) => fits(gate, name)));
  if (unknown !== undefined)
    throw new Usage(`There is no gate ${unknown}. There are ${gates.map(({ name }) => name).join(', ')}.`);
  return only.length === 0 ? gates : gates.filter((gate) => only.some((name) => fits(gate, name)));
};

const MARK = { passed: '✓', failed: '✗', missing: '–' } as const;

const table = (results: readonly GateResult[]): string => {
  const rows = results.map(({ gate, seconds, result }) => [
    gate.name,
    gate.count,
    seconds.toFixed(0),
    `${MARK[result]} ${result}`,
  ]);
  const all = [['GATE', 'COUNT', 'SECONDS', 'RESULT'], ...rows];
  const width = (column: number): number => Math.max(...all.map((row) => (row[column] ?? '').length));
  return all
    .map(([gate = '', count = '', seconds = '', result = '']) =>
      `${gate.padEnd(width(0))}  ${count.padEnd(width(1))}  ${seconds.padStart(width(2))}  ${result}`.trimEnd(),
    )
    .join('\n');
};

const told = ({ gate, seconds, result, output }: GateResult): string => {
  const line = `${MARK[result]} ${gate.name}  ${gate.count}  ${seconds.toFixed(0)} s`;
  switch (result) {
    case 'passed':
      return line;
    case 'missing':
      return `${line}  left out: ${output}`;
    case 'failed': {
      const settings = Object.entries(gate.env).map(([name, value]) => `${name}=${value} `);
      return `${output}\n${line}\n  again: ${settings.join('')}node ${gate.command.join(' ')}`;
    }
    default:
      return result satisfies never;
  }
};

const verify = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      release: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
      'at-once': { type: 'string', default: String(AT_ONCE) },
    },
  });
  const sizes = SIZES[values.release ? 'release' : 'verify'];
  const gates = chosen(gatesOf(sizes, wholeNumber(values.seed, 'seed')), values.only);
  const waiting = [...gates];
  const results = new Map<Gate, GateResult>();
  const lane = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      const result = await runGate(gate);
      results.set(gate, result);
      console.error(told(result));
    }
  };
  await Promise.all(Array.from({ length: wholeNumber(values['at-once'], 'at-once') }, lane));
  const inOrder = gates.flatMap((gate) => results.get(gate) ?? []);
  console.log(table(inOrder));
  return inOrder.some(({ result }) => result === 'failed') ? 1 : 0;
};

try {
  process.exitCode = await verify();
} catch (error) {
  const wrongCall = error instanceof Usage || (error instanceof TypeError && 'code' in error);
  console.error(wrongCall ? `${error.message}\n${usage}` : error);
  process.exitCode = wrongCall ? 2 : 1;
}
