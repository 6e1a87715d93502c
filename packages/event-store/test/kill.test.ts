import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';
import { acknowledged, lostAfter } from './survivors.ts';

const ROUNDS = Number(process.env['TENURE_KILLS'] ?? 5);
const WRITER = join(import.meta.dirname, 'writer.ts');

/** Kills the writer when it has acknowledged so many appends, wherever it is by then. Answers all its lines. */
const killedAfter = async (file: string, acknowledgements: number): Promise<readonly string[]> => {
  const child = spawn(process.execPath, [WRITER, '--file', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
    if (lines >= acknowledgements) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return output.split('\n').slice(0, -1);
};

describe('kill -9', { timeout: 30_000 + ROUNDS * 5_000 }, () => {
  it(`loses nothing that was acknowledged (${ROUNDS} rounds)`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const folder = temporaryFolder();
      const file = join(folder.path, 'order.db');
      try {
        const lines = await killedAfter(file, 1 + ((round * 397) % 1_500));
        expect(acknowledged(lines).length).toBeGreaterThan(0);
        expect(await lostAfter(file, lines)).toEqual([]);
      } finally {
        folder.remove();
      }
    }
  });
});
