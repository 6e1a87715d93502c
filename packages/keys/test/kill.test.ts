import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { customers, file, open, query, rootSecret } from './key-file.ts';
import { brokenPromises } from './promises.ts';

const KILLS = Number(process.env['TENURE_KILLS'] ?? 5);
const MOMENTS = 12; // one store each: it grows with every kill, and later ones would only take longer

/** Runs the creating process until it has said so many lines, kills it, and answers what it said. */
const killedAfter = async (name: string, lines: number): Promise<readonly string[]> => {
  const script = fileURLToPath(new URL('creating-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, name, rootSecret.toString('hex')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return said.split('\n').slice(0, -1); // the last line may be cut
};

describe('a key store whose process is killed', { timeout: 30_000 + KILLS * 5_000 }, () => {
  it(`has every key and every destruction it has acknowledged (${KILLS} kills)`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const name = `${file}-${Math.floor(kill / MOMENTS)}`;
      const said = await killedAfter(name, 37 + 29 * (kill % MOMENTS));
      expect(said.length).toBeGreaterThan(30);
      const store = await open(name);
      expect(await brokenPromises(store, said)).toEqual([]);
      expect(query('SELECT count(*) AS living FROM epochs WHERE wrapped <> zeroblob(64)', name)).toEqual([
        { living: 1 },
      ]);
      await store.ensure(customers(3)); // and goes on
      await store.close();
    }
  });
});
