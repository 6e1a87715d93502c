// One gate in a process of its own: how it ended, how long it took, and what it said.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Gate } from './gates.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The end of what a gate says: the failure stands there. */
const MAX_OUTPUT = 200_000;

export type GateResult = {
  readonly gate: Gate;
  readonly result: 'passed' | 'failed' | 'missing';
  readonly seconds: number;
  readonly output: string;
};

const running = new Set<ReturnType<typeof spawn>>();
process.on('exit', () => running.forEach((child) => child.kill()));

/** In CI's terms a test that skips itself fails the run: a gate that proved nothing has not been passed. */
export const runGate = async (gate: Gate): Promise<GateResult> => {
  if (gate.missing !== undefined) return { gate, result: 'missing', seconds: 0, output: gate.missing };
  const started = performance.now();
  const child = spawn(process.execPath, gate.command, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', CI: '1', ...gate.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-MAX_OUTPUT)));
  const [code] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  const seconds = (performance.now() - started) / 1000;
  return { gate, result: code === 0 ? 'passed' : 'failed', seconds, output };
};
