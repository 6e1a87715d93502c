// The running platform as a benchmark meets it: a process of its own, customers in it, requests that place orders.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { uuid5, URL_NAMESPACE } from '../../packages/core/src/index.ts';
import { openConnection, requestText, type Connection } from './http-client.ts';
import { startServer, tokenFor, type Server } from './server.ts';

export type Platform = Server & {
  readonly connections: readonly Connection[];
  readonly headers: Readonly<Record<string, string>>;
  readonly customers: readonly string[];
  /** From here on the delay of its main thread is counted. */
  readonly resetDelay: () => void;
  /** Stops it; answers how late its main thread was, ms. */
  readonly end: () => Promise<{ readonly p50: number; readonly p99: number; readonly max: number }>;
};

/** For whoever wants to know where the time goes: `--cpu-prof --cpu-prof-dir=…`. */
const MORE_OPTIONS = process.env['TENURE_BENCH_NODE_OPTIONS'] ?? '';

type Wanted = {
  readonly connections?: number;
  readonly customers?: number;
  /** Of the token in `headers`: services, for they have no limit as people do. */
  readonly roles?: readonly string[];
  readonly args?: readonly string[];
};

/** Starts it on an empty folder (or one with data) with so many connections, and registers customers. */
export const startPlatform = async (
  folder: string,
  { connections = 0, customers = 0, roles = ['service:order'], args = [] }: Wanted = {},
): Promise<Platform> => {
  const delayFile = join(folder, 'loop-delay.json');
  const env = {
    TENURE_BENCH_DELAY: delayFile,
    NODE_OPTIONS: `${MORE_OPTIONS} --import ${pathToFileURL(join(import.meta.dirname, 'loop-delay.mjs')).href}`,
  };
  const server = await startServer(join(folder, 'data'), { env, args });
  const token = await tokenFor(server.data, ...roles);
  const port = Number(new URL(server.url).port);
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ids = Array.from({ length: customers }, (_, i) => uuid5(URL_NAMESPACE, 'bench customer', String(i)));
  await register(server, ids);
  return {
    ...server,
    connections: open,
    headers,
    customers: ids,
    resetDelay: () => void process.kill(server.pid, 'SIGUSR2'),
    async end() {
      open.forEach((connection) => connection.close());
      await server.stop();
      return JSON.parse(readFileSync(delayFile, 'utf8')) as { p50: number; p99: number; max: number };
    },
  };
};

const register = async (server: Server, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  const token = await tokenFor(server.data, 'import');
  const lines = ids.map((customerId, i) =>
    JSON.stringify({
      route: '/api/customers',
      key: `customer ${i}`,
      body: { customerId, kind: 'PERSON', displayName: `Customer ${i}`, source: 'IMPORT' },
    }),
  );
  const response = await fetch(`${server.url}/api/commands`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    body: `${lines.join('\n')}\n`,
  });
  const text = await response.text();
  if (!text.trimEnd().endsWith(`{"done":${ids.length}}`) || text.includes('"problem"'))
    throw new Error(`the customers could not be registered: ${text.slice(0, 500)}`);
};

const money = (minor: number) => ({ minor, currency: 'EUR' });

/** The body of an order of one line. */
export const orderBody = (customerId: string, n: number): string =>
  JSON.stringify({
    customerId,
    channel: 'WEB_SHOP',
    externalRef: `bench-${n}`,
    lines: [
      {
        lineId: uuid5(URL_NAMESPACE, 'bench line', String(n)),
        productId: customerId,
        qty: 1,
        unitPrice: money(1_495),
        discount: money(0),
        tax: money(0),
        total: money(1_495),
      },
    ],
    total: money(1_495),
  });

/** `POST /api/orders` number n, for one customer after the other. */
export const orderRequest = ({ customers, headers }: Platform, n: number): string => {
  const customer = customers[n % customers.length] ?? '';
  return requestText(
    'POST',
    '/api/orders',
    { ...headers, 'idempotency-key': `bench-${n}` },
    orderBody(customer, n),
  );
};

/** The port of a hello-world server in a process of its own, and its end. */
export const startHello = async (): Promise<{ readonly port: number; readonly stop: () => void }> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hello.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(line.toString()), stop: () => void child.kill() };
};
