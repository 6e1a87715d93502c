// A server as people start it: a process of its own on a data directory, found by what it writes and says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';

export const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'services/platform/src/main.ts');

/** A start or a wait that takes longer is a failure, on a busy machine too. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 10;

export type Server = {
  readonly url: string;
  readonly data: string;
  /** Both streams, as far as they have come. */
  readonly output: () => string;
  /** SIGTERM; resolves with exit code and how long it took, ms. */
  readonly stop: () => Promise<{ readonly code: number | null; readonly ms: number }>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
};

export type Start = {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** The environment of a child: that of the machine, without settings of a server that may run on it. */
const environment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TENURE_(?!MUTANT)|VITEST|NODE_ENV$)/.test(name)),
  ),
  NO_COLOR: '1',
  ...more,
});

const running = new Set<ReturnType<typeof spawn>>();
const folders: string[] = [];

// Behind all hooks of the file: what a failed test has left running or lying about goes as well.
afterAll(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

export type Ran = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A program of this repository in a process of its own. */
export const startNode = (
  file: string,
  args: readonly string[],
  { env = {}, cwd = ROOT }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
) => {
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk));
  const closed = (async (): Promise<Ran> => {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    running.delete(child);
    return { code, signal, ...text };
  })();
  return { child, text, closed };
};

/** Starts a server that may refuse to: resolves with how it ended, or when it listens. */
const launch = (data: string, { args = [], env = {} }: Start) =>
  startNode(MAIN, ['--empty', '--port', '0', '--data', data, ...args], { env });

/** Runs a server that is not meant to come up: how it ended. */
export const refusedStart = async (data: string, start: Start = {}): Promise<Ran> => {
  const { child, closed } = launch(data, start);
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    return await closed;
  } finally {
    clearTimeout(timer);
  }
};

/** Starts a server and waits until it is ready. */
export const startServer = async (data: string, start: Start = {}): Promise<Server> => {
  const { child, text, closed } = launch(data, start);
  let ended: Ran | undefined;
  void closed.then((ran) => (ended = ran));
  const url = await until('the server listens', () => {
    if (ended !== undefined) throw new Error(`the server ended with ${ended.code}:\n${ended.stderr}`);
    return /Tenure runs at (http:\S+)/.exec(text.stdout)?.[1];
  });
  await until('the server is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
  return {
    url,
    data,
    output: () => text.stdout + text.stderr,
    async stop() {
      const began = performance.now();
      child.kill('SIGTERM');
      const { code } = await closed;
      return { code, ms: performance.now() - began };
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
};

/** Asks again and again until there is an answer that is neither undefined nor false. */
export const until = async <T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  patience = PATIENCE_MS,
): Promise<T> => {
  const end = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`it did not happen within ${patience} ms that ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
};

/** A new folder for everything of a test; gone behind the last one of its file. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-e2e-'));
  folders.push(folder);
  return folder;
};

/** The secrets of a data directory, by name. */
export const secretsOf = (data: string): Readonly<Record<string, Buffer>> =>
  Object.fromEntries(
    Object.entries(
      JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as Record<string, string>,
    ).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
  );
