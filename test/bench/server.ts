// Programs of this repository in processes of their own, and the questions that a benchmark asks of a server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { signToken } from '../../packages/http/src/tokens.ts';
import { ROOT } from './places.ts';

export type Json = Record<string, any>;

/** A start or a wait that takes longer is a failure, on a busy machine too. */
const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 10;

type Environment = Readonly<Record<string, string>>;

/** That of this process (an emulated flush is in it) without settings of a server that may run on the machine. */
const environment = (more: Environment): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('TENURE_') || name.startsWith('TENURE_BENCH'),
    ),
  ),
  ...more,
});

const start = (file: string, args: readonly string[], env: Environment = {}) => {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk));
  const closed = (async (): Promise<number | null> => ((await once(child, 'close')) as [number | null])[0])();
  return { child, text, closed };
};

/** Runs a program to its end; answers what it printed, as JSON. @throws when it fails */
export const runJson = async (file: string, args: readonly string[]): Promise<Json> => {
  const { text, closed } = start(join(ROOT, file), args);
  const code = await closed;
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${text.stderr}${text.stdout}`);
  return JSON.parse(text.stdout.trim()) as Json;
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

export type Server = {
  readonly url: string;
  readonly data: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

/** Starts the platform on a data directory; resolves when it is ready. */
export const startServer = async (
  data: string,
  { env = {}, args = [] }: { readonly env?: Environment; readonly args?: readonly string[] } = {},
): Promise<Server> => {
  const all = ['--empty', '--port', '0', '--data', data, ...args];
  const { child, text, closed } = start(join(ROOT, 'services/platform/src/main.ts'), all, env);
  let ended = false;
  void closed.then(() => (ended = true));
  const url = await until('the server listens', () => {
    if (ended) throw new Error(`the server ended:\n${text.stderr}`);
    return /Tenure runs at (http:\S+)/.exec(text.stdout)?.[1];
  });
  await until('the server is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
  return {
    ...{ url, data, pid: child.pid ?? 0 },
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
};

/** The secrets of a data directory, by name. */
export const secretOf = (data: string, name: string): Buffer => {
  const secrets = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as Record<string, string>;
  return Buffer.from(secrets[name] ?? '', 'base64');
};

/** A token of some roles for an hour. */
export const tokenFor = (data: string, ...roles: readonly string[]): Promise<string> =>
  signToken(secretOf(data, 'tokens'), { sub: `bench ${roles[0]}`, roles, ttl: 3_600 }, Date.now());

/** One request of an administrator. @throws for an answer that is no success */
export const ask = async (
  { url, data }: Pick<Server, 'url' | 'data'>,
  method: string,
  path: string,
  body?: object,
): Promise<Json> => {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${await tokenFor(data, 'admin')}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Json;
};

/** True when everything stored is in every read model. */
export const isSettled = ({ services, projections, processes }: Json): boolean =>
  Object.values(processes as Json).every(({ lagEvents }: Json) => lagEvents === 0) &&
  Object.values(services as Json).every(({ backlogEvents }: Json) => backlogEvents === 0) &&
  Object.values(projections as Json).every(({ lagEvents }: Json) => lagEvents === 0);
