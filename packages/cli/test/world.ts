// A world for the command line that keeps what it says, and a folder of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../src/run.ts';
import type { World } from '../src/world.ts';

export const SECRET = Buffer.alloc(32, 7);

export type Said = { readonly code: number; readonly out: string; readonly err: string };

export type TestWorld = {
  readonly folder: string;
  /** Runs `tenure` with these words in the folder. */
  readonly tenure: (...words: string[]) => Promise<Said>;
  /** Lets the folder's data directory name a running server. */
  readonly announce: (url: string) => void;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
  readonly pauses: number[];
  readonly [Symbol.dispose]: () => void;
};

export const openWorld = (
  options: { readonly attended?: boolean; readonly typed?: string; readonly onPause?: () => void } = {},
): TestWorld => {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-cli-'));
  const data = join(folder, '.data');
  const pauses: number[] = [];
  let interruption = new AbortController();
  const tenure = async (...words: string[]): Promise<Said> => {
    let [out, err] = ['', ''];
    const world: World = {
      args: words,
      env: {},
      cwd: folder,
      root: fileURLToPath(new URL('../../..', import.meta.url)),
      out: (text) => (out += text),
      err: (text) => (err += text),
      terminal: { attended: options.attended === true, columns: 100, colours: false },
      now: () => Date.now(),
      sleep: async (ms) => {
        pauses.push(ms);
        options.onPause?.();
        await new Promise((resolve) => void setImmediate(resolve));
      },
      interruptible: () => interruption.signal,
      ask: async () => options.typed ?? null,
    };
    const code = await run(world);
    interruption = new AbortController();
    return { code, out, err };
  };
  mkdirSync(data);
  return {
    folder,
    tenure,
    pauses,
    announce: (url) => {
      writeFileSync(join(data, 'secrets.json'), JSON.stringify({ tokens: SECRET.toString('base64') }), {
        mode: 0o600,
      });
      writeFileSync(join(data, 'server.json'), JSON.stringify({ url, pid: process.pid }));
    },
    interrupt: () => interruption.abort(),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** A file of `rows` purchases by `customers`, shaped like the sample. */
export const purchases = (rows: number, customers: number): string =>
  Array.from({ length: rows }, (_, i) => {
    const customer = String((i % customers) + 1).padStart(5, '0');
    const day = String(1 + (Math.floor(i / customers) % 28)).padStart(2, '0');
    return ` ${customer} 0001 199701${day}  1   ${10 + (i % 7)}.50\r\n`;
  }).join('');
