// Finds the server and a token for it: --url/--token, else TENURE_URL/TENURE_TOKEN, else what runs on the data directory.
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { TenureError } from '@tenure/core';
import type { World } from './world.ts';

export type ServerOptions = {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly data?: string | undefined;
};

/** Where requests go and what opens the door. */
export type Server = { readonly url: string; readonly token: string };

/** Longest life of a token that the command line makes for itself, s: longer than a stream of an import may idle. */
const OWN_TOKEN_S = 3600;

/** The data directory: --data, TENURE_DATA, `.data` here, else `.data` of this installation. */
export const dataDirectory = (world: World, { data }: ServerOptions): string => {
  const named = data ?? world.env['TENURE_DATA'];
  if (named !== undefined && named !== '') return resolve(world.cwd, named);
  const here = resolve(world.cwd, '.data');
  const home = join(world.root, '.data');
  return existsSync(here) || !existsSync(home) ? here : home;
};

/**
 * The server, with a token of no more than `role`.
 * @throws SERVER_NOT_RUNNING (retriable), TOKEN_NEEDED, DATA_DIRECTORY_INVALID
 */
export const findServer = async (world: World, options: ServerOptions, role: string): Promise<Server> => {
  const data = dataDirectory(world, options);
  const url = options.url ?? world.env['TENURE_URL'] ?? runningUrl(data);
  checkUrl(url);
  const token = options.token ?? world.env['TENURE_TOKEN'];
  if (token !== undefined && token !== '') return { url, token };
  if (!existsSync(join(data, SECRETS)))
    throw new TenureError(
      'TOKEN_NEEDED',
      `${url} needs a token and ${data} has no secret to sign one with. Give --token or TENURE_TOKEN, or name the server's data directory with --data.`,
      { status: 401 },
    );
  return { url, token: await mint(world, data, { roles: [role], ttl: OWN_TOKEN_S }) };
};

const checkUrl = (url: string): void => {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new TenureError('USAGE', 'The address of the server must look like http://127.0.0.1:7400.');
};

const SECRETS = 'secrets.json';

const notRunning = (data: string, why: string): TenureError =>
  new TenureError(
    'SERVER_NOT_RUNNING',
    `No server runs on ${data} (${why}). Start one with "tenure serve --data ${data}" (or "npm start"), name another data directory with --data, or a server with --url.`,
    {},
    { retriable: true },
  );

/** The address that the running server left in its data directory. */
const runningUrl = (data: string): string => {
  const file = join(data, 'server.json');
  if (!existsSync(file))
    throw notRunning(data, existsSync(data) ? 'it has no server.json' : 'there is no such folder');
  const server = readObject(file);
  const { url, pid } = server;
  if (typeof url !== 'string' || typeof pid !== 'number')
    throw new TenureError(
      'DATA_DIRECTORY_INVALID',
      `${file} names no server. Restart the server on ${data}.`,
    );
  if (!isAlive(pid)) throw notRunning(data, 'the one of its server.json has ended');
  if (url === 'starting')
    throw new TenureError(
      'SERVER_STARTING',
      `The server on ${data} is still starting. Try again in a moment.`,
      {},
      { retriable: true },
    );
  return url;
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // there, but another user's
  }
};

const readObject = (file: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no JSON';
    throw new TenureError('DATA_DIRECTORY_INVALID', `${file} cannot be read (${code}).`, {
      ...(code === 'EACCES' && { status: 403 }),
    });
  }
  throw new TenureError('DATA_DIRECTORY_INVALID', `${file} holds no object.`);
};

/** What a token is for. `sub`: by default the agent, the role of a machine, or who runs this. */
export type Claims = {
  readonly roles: readonly string[];
  readonly sub?: string | undefined;
  readonly agent?: string | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly purpose?: string | undefined;
  /** s */
  readonly ttl: number;
};

/** Signs a token with the secret of a data directory. @throws DATA_DIRECTORY_INVALID, NOT_FOUND */
export const mint = async (world: World, data: string, claims: Claims): Promise<string> => {
  const file = join(data, SECRETS);
  if (!existsSync(file))
    throw new TenureError('NOT_FOUND', `${data} is no data directory of a server: it has no ${SECRETS}.`);
  const { tokens } = readObject(file);
  if (typeof tokens !== 'string' || Buffer.from(tokens, 'base64').length < 32)
    throw new TenureError(
      'DATA_DIRECTORY_INVALID',
      `${file} has no secret for tokens. Restore it from a backup.`,
    );
  const { signToken } = await import('@tenure/http/tokens');
  const { roles, agent, teams, purpose, ttl } = claims;
  const machine = roles.find((role) => role === 'import' || role.startsWith('service:'));
  return signToken(
    Buffer.from(tokens, 'base64'),
    {
      sub: claims.sub ?? agent ?? machine ?? `cli:${userName()}`,
      roles,
      ttl,
      ...(agent !== undefined && { agent }),
      ...(teams !== undefined && { teams }),
      ...(purpose !== undefined && { purpose }),
    },
    world.now(),
  );
};

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 0}`; // a container may run as a user without a name: the number is as good
  }
};
