// A client of a running server: requests with tokens of any role, and the command line.
import { join } from 'node:path';
import { signToken } from '../../packages/http/src/tokens.ts';
import { ROOT, secretsOf, startNode, until, type Ran, type Server } from './server.ts';

export type Json = Record<string, any>;

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
};

export type Asked = {
  /** Default: admin. None: no token. */
  readonly roles?: readonly string[];
  /** The principal. */
  readonly sub?: string;
  readonly claims?: {
    readonly agent?: string;
    readonly teams?: readonly string[];
    readonly purpose?: string;
  };
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export const tokenFor = (data: string, { roles = ['admin'], sub, claims = {} }: Asked): Promise<string> => {
  const secret = secretsOf(data)['tokens'];
  if (secret === undefined) throw new Error(`${data} has no secret for tokens`);
  return signToken(secret, { sub: sub ?? `e2e ${roles.join('+')}`, roles, ttl: 3600, ...claims }, Date.now());
};

const tokens = new Map<string, Promise<string>>();

const token = (data: string, asked: Asked): Promise<string> => {
  const key = JSON.stringify([data, asked.roles, asked.sub, asked.claims]);
  const known = tokens.get(key) ?? tokenFor(data, asked);
  tokens.set(key, known);
  return known;
};

/** One request; what the body of the answer says, parsed when it is JSON. */
export const call = async (
  { url, data }: Pick<Server, 'url' | 'data'>,
  method: string,
  path: string,
  asked: Asked = {},
): Promise<Answer> => {
  const { roles = ['admin'], body, headers = {} } = asked;
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(roles.length > 0 && { authorization: `Bearer ${await token(data, asked)}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Json) : {},
  };
};

export const get = (server: Server, path: string, asked: Asked = {}): Promise<Answer> =>
  call(server, 'GET', path, asked);

export const post = (server: Server, path: string, body: unknown = {}, asked: Asked = {}): Promise<Answer> =>
  call(server, 'POST', path, { ...asked, body });

export const statusOf = async (server: Server): Promise<Json> => (await get(server, '/ops/status')).json;

/** Waits until everything stored is in every read model, and answers the status. */
export const settled = (server: Server): Promise<Json> => {
  let heads = '';
  return until('all processes and projections have caught up', async () => {
    const status = await statusOf(server);
    const services = Object.values(status['services'] as Record<string, Json>);
    const projections = Object.values(status['projections'] as Record<string, Json>);
    const processes = Object.values(status['processes'] as Record<string, Json>);
    // Twice at the same heads: what one process has written may be another one's work.
    const before = heads;
    heads = JSON.stringify(services);
    return (
      heads === before &&
      services.every(({ backlogEvents }) => backlogEvents === 0) &&
      processes.every(({ lagEvents }) => lagEvents === 0) &&
      projections.every(({ state, lagEvents }) => state === 'active' && lagEvents === 0) &&
      status
    );
  });
};

const CLI = join(ROOT, 'packages/cli/src/main.ts');

/** `tenure …` on the data directory of a server, in a process of its own. */
export const startTenure = (data: string, ...args: readonly string[]) =>
  startNode(CLI, ['--data', data, ...args]);

/** The same, to its end. */
export const tenure = (data: string, ...args: readonly string[]): Promise<Ran> =>
  startTenure(data, ...args).closed;

/** The same with `--json`: the exit code and the object that it printed. */
export const tenureJson = async (
  data: string,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly json: Json; readonly stderr: string }> => {
  const { code, stdout, stderr } = await tenure(data, '--json', ...args);
  if (stdout.trim() === '')
    throw new Error(`tenure ${args.join(' ')} printed nothing and ended with ${code}:\n${stderr}`);
  return { code, json: JSON.parse(stdout) as Json, stderr };
};
