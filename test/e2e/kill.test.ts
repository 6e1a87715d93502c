// kill -9 of the whole server while a file is imported: whatever moment, the next start and the same import complete it.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomOf, type Random } from '../../packages/http/test/fuzz-values.ts';
import { get, post, settled, startTenure, tenureJson, type Json } from './client.ts';
import { LAST_DAY, purchaseRows, recount, SAMPLE_COLUMNS, writeRows } from './purchases.ts';
import { expectRecounted } from './recounted.ts';
import { startServer, temporaryFolder, until, type Server } from './server.ts';

const KILLS = Number(process.env['TENURE_KILLS'] ?? 5);
const SEED = Number(process.env['TENURE_SEED'] ?? 1);
/** Kills in one data directory, each amid the import of the next part of the file. */
const PARTS = 5;

const folder = temporaryFolder();
const rows = purchaseRows(200, SEED);
const mapping = ['--mapping', 'cdnow-sample'];
const files = Array.from({ length: PARTS }, (_, part) =>
  writeRows(join(folder, `part-${part}.txt`), rows.slice(0, partEnd(part))),
);
const whole = files.at(-1) ?? '';
const counted = recount(whole, SAMPLE_COLUMNS);

function partEnd(part: number): number {
  return Math.round((rows.length * (part + 1)) / PARTS);
}

// The same business day everywhere: what a document says depends on it.
const started = async (data: string): Promise<Server> => {
  const server = await startServer(data, { args: ['--settable-clock'] });
  expect((await post(server, '/ops/clock', { closeThrough: LAST_DAY })).status).toBe(200);
  return server;
};

const digests = ({ projections }: Json): object =>
  Object.fromEntries(
    ['customer-360', 'orders'].map((name) => [name, { ...projections[name], generation: 0, lagSeconds: 0 }]),
  );

/** Kills the server when the store has so many events; the import goes on with the next server, or dies as well. */
const killAmidst = async (server: Server, file: string, events: number, both: boolean): Promise<Server> => {
  const importing = startTenure(server.data, 'import', 'orders', file, ...mapping);
  await until(`${events} events are stored`, async () => {
    const heads = (await get(server, '/ops/head')).json as Record<string, { events: number }>;
    return (heads['order']?.events ?? 0) >= events;
  });
  if (both) importing.child.kill('SIGKILL');
  await server.kill();
  const next = await started(server.data);
  const { code, stderr } = await importing.closed;
  if (!both) expect([code, stderr]).toEqual([0, '']);
  return next;
};

/** Imports the file part by part, each with a kill in its midst, then once in peace. */
const importUnderKills = async (data: string, random: Random): Promise<Json> => {
  let server = await started(data);
  let from = 0;
  for (const [part, file] of files.entries()) {
    const to = partEnd(part);
    const killAt = 3 * from + random.below(3 * (to - from)); // placed, confirmed, fulfilled
    server = await killAmidst(server, file, killAt, random.chance(0.5));
    from = to;
  }
  const { code, json } = await tenureJson(data, 'import', 'orders', whole, ...mapping);
  expect([code, json['accepted'] + json['duplicates'], json['rejected'], json['conflicts']]).toEqual([
    0,
    rows.length,
    0,
    0,
  ]);
  const status = await settled(server);
  await expectRecounted(server, counted);
  await server.stop();
  return status;
};

describe('kill -9 of a server during an import', { timeout: 60_000 + KILLS * 10_000 }, () => {
  let quiet: Json;
  beforeAll(async () => {
    const server = await started(join(folder, 'quiet'));
    await tenureJson(server.data, 'import', 'orders', whole, ...mapping);
    quiet = await settled(server);
    await server.stop();
  }, 60_000);

  it(`leaves the documents of an uninterrupted import (${KILLS} kills, seed ${SEED})`, async () => {
    const random = randomOf(SEED);
    for (let kills = 0; kills < KILLS; kills += PARTS) {
      const status = await importUnderKills(join(folder, `killed-${kills}`), random);
      expect(status['events']).toMatchObject({ OrderPlaced: rows.length, CustomerRegistered: counted.size });
      expect(digests(status)).toEqual(digests(quiet));
    }
  });
});
