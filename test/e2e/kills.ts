// Imports of a file under kill -9 of the server: part by part, each with a kill somewhere in its midst.
import { expect } from 'vitest';
import type { Random } from '../../packages/http/test/fuzz-values.ts';
import { get, post, settled, startTenure, tenureJson, type Json } from './client.ts';
import { LAST_DAY, writeRows } from './purchases.ts';
import { startServer, until, type Server } from './server.ts';

/** A beginning of the file, and how many rows it has. */
export type Part = { readonly file: string; readonly rows: number };

const MAPPING = ['--mapping', 'cdnow-sample'];
/** Placed, confirmed, fulfilled. */
const EVENTS_PER_ROW = 3;

/** Longer and longer beginnings of a file; the last one is the whole. */
export const partsOf = (
  rows: readonly string[],
  count: number,
  fileOf: (part: number) => string,
): readonly Part[] =>
  Array.from({ length: count }, (_, part) => {
    const begun = rows.slice(0, Math.round((rows.length * (part + 1)) / count));
    return { file: writeRows(fileOf(part), begun), rows: begun.length };
  });

/** A server whose business day is always the same: what documents say depends on it. */
export const startOnLastDay = async (data: string): Promise<Server> => {
  const server = await startServer(data, { args: ['--settable-clock'] });
  expect((await post(server, '/ops/clock', { closeThrough: LAST_DAY })).status).toBe(200);
  return server;
};

/** What must be equal however the same file came in. */
export const digestsOf = ({ projections }: Json): object =>
  Object.fromEntries(
    ['customer-360', 'orders'].map((name) => {
      const { digest, day, documents, parked } = projections[name];
      return [name, { digest, day, documents, parked }];
    }),
  );

/** Imports a whole file and answers the status when all of it can be seen. */
export const importInPeace = async (server: Server, { file, rows }: Part): Promise<Json> => {
  const { code, json } = await tenureJson(server.data, 'import', 'orders', file, ...MAPPING);
  const { accepted, duplicates, rejected, conflicts } = json;
  expect({ code, settled: accepted + duplicates, rejected, conflicts }).toEqual({
    code: 0,
    settled: rows,
    rejected: 0,
    conflicts: 0,
  });
  return settled(server);
};

/** Kills the server when the store has so many events; the import goes on with the next server, or dies as well. */
const killAmidst = async (server: Server, file: string, events: number, both: boolean): Promise<Server> => {
  const importing = startTenure(server.data, 'import', 'orders', file, ...MAPPING);
  await until(`${events} events are stored`, async () => {
    const heads = (await get(server, '/ops/head')).json as Record<string, { readonly events: number }>;
    return (heads['order']?.events ?? 0) >= events;
  });
  if (both) importing.child.kill('SIGKILL');
  await server.kill();
  const next = await startOnLastDay(server.data);
  const { code, stderr } = await importing.closed;
  if (!both) expect([code, stderr]).toEqual([0, '']);
  return next;
};

/** One kill per part at a random moment, then the whole file in peace. Answers the server that runs then. */
export const importUnderKills = async (
  data: string,
  parts: readonly Part[],
  random: Random,
): Promise<{ readonly server: Server; readonly status: Json }> => {
  let server = await startOnLastDay(data);
  let from = 0;
  for (const { file, rows } of parts) {
    const events = EVENTS_PER_ROW * from + random.below(EVENTS_PER_ROW * (rows - from));
    server = await killAmidst(server, file, events, random.chance(0.5));
    from = rows;
  }
  const whole = parts.at(-1);
  if (whole === undefined) throw new Error('there is nothing to import');
  return { server, status: await importInPeace(server, whole) };
};
