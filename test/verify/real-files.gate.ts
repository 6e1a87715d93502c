// The real files of purchases, when they are there: imported, counted again, killed, imported elsewhere, rebuilt.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../../packages/http/test/fuzz-values.ts';
import { settled, tenure, tenureJson, type Json } from '../e2e/client.ts';
import { digestsOf, importInPeace, importUnderKills, partsOf, startOnLastDay } from '../e2e/kills.ts';
import { MASTER_COLUMNS, recount, SAMPLE_COLUMNS } from '../e2e/purchases.ts';
import { expectRecounted } from '../e2e/recounted.ts';
import { temporaryFolder, type Server } from '../e2e/server.ts';
import { MASTER, SAMPLE } from './real-files.ts';

const KILLS = Number(process.env['TENURE_KILLS'] ?? 10);
const SEED = Number(process.env['TENURE_SEED'] ?? 1);

const SAMPLE_ORDERS = 6_919;
const SAMPLE_CUSTOMERS = 2_357;
const MASTER_ORDERS = 69_659;
const ALL_CUSTOMERS = 23_570;

const MINUTES = 60_000;
const folder = temporaryFolder();

const importFile = async (server: Server, file: string, mapping: string): Promise<Json> => {
  const { code, json } = await tenureJson(server.data, 'import', 'orders', file, '--mapping', mapping);
  expect(code).toBe(0);
  const { accepted, duplicates, rejected, conflicts } = json;
  return { accepted, duplicates, rejected, conflicts };
};

/** Both files, one after the other. */
const importBoth = async (server: Server): Promise<Json> => {
  await importFile(server, SAMPLE, 'cdnow-sample');
  await importFile(server, MASTER, 'cdnow-master');
  return settled(server);
};

/** Ids of all events of a store whose server has stopped, in order of their bytes: an event's body begins with its id. */
const eventIds = (data: string, source: string): readonly string[] => {
  const store = new DatabaseSync(join(data, 'events', `${source}.db`), { readOnly: true });
  try {
    return store
      .prepare('SELECT hex(substr(body, 1, 16)) AS id FROM events ORDER BY id')
      .all()
      .map(({ id }) => String(id));
  } finally {
    store.close();
  }
};

describe('the real files', { timeout: 10 * MINUTES }, () => {
  it('are there', () => {
    expect([SAMPLE, MASTER].map((file) => [file, existsSync(file)])).toEqual([
      [SAMPLE, true],
      [MASTER, true],
    ]);
  });

  let server: Server;
  beforeAll(async () => {
    server = await startOnLastDay(join(folder, 'first'));
  }, MINUTES);
  afterAll(() => server.stop());

  it('give 6,919 orders of 2,357 customers from the sample, and nothing the second time', async () => {
    expect(await importFile(server, SAMPLE, 'cdnow-sample')).toEqual({
      ...{ accepted: SAMPLE_ORDERS, duplicates: 0 },
      ...{ rejected: 0, conflicts: 0 },
    });
    const status = await settled(server);
    expect(status['customers']).toBe(SAMPLE_CUSTOMERS);
    await expectRecounted(server, recount(SAMPLE, SAMPLE_COLUMNS));
    expect(await importFile(server, SAMPLE, 'cdnow-sample')).toEqual({
      ...{ accepted: 0, duplicates: SAMPLE_ORDERS },
      ...{ rejected: 0, conflicts: 0 },
    });
    expect(digestsOf(await settled(server))).toEqual(digestsOf(status));
  });

  it('give 62,740 more from the master, which knows the sample, and 23,570 customers in all', async () => {
    expect(await importFile(server, MASTER, 'cdnow-master')).toEqual({
      ...{ accepted: MASTER_ORDERS - SAMPLE_ORDERS, duplicates: SAMPLE_ORDERS },
      ...{ rejected: 0, conflicts: 0 },
    });
    const status = await settled(server);
    expect(status).toMatchObject({ customers: ALL_CUSTOMERS, events: { OrderPlaced: MASTER_ORDERS } });
    expect(status['projections']['customer-360'].documents).toBe(ALL_CUSTOMERS);
    await expectRecounted(server, recount(MASTER, MASTER_COLUMNS));
  });

  it('are the same after a rebuild, and the same as the fold of the log', async () => {
    const before = await settled(server);
    const replay = await tenureJson(server.data, 'replay', 'start', 'customer-360', '--activate', '--wait');
    expect(replay.json).toMatchObject({ state: 'active', verified: { differences: 0 } });
    expect(digestsOf(await settled(server))).toEqual(digestsOf(before));
    expect((await tenure(server.data, 'verify', 'customer-360', '--full')).code).toBe(0);
  });

  it('give the same events and digests in another data directory', async () => {
    const second = await startOnLastDay(join(folder, 'second'));
    const there = await importBoth(second);
    const here = await settled(server);
    expect(digestsOf(there)).toEqual(digestsOf(here));
    await Promise.all([second.stop(), server.stop()]);
    for (const source of ['customer', 'order']) {
      const ids = eventIds(server.data, source);
      expect(ids.length).toBe(here['services'][source].events);
      expect(eventIds(second.data, source)).toEqual(ids);
    }
  });

  it(`survive kill -9 at ${KILLS} random moments of an import (seed ${SEED})`, async () => {
    const rows = readFileSync(SAMPLE, 'utf8')
      .split(/\r?\n/)
      .filter((row) => row.trim() !== '');
    const parts = partsOf(rows, KILLS, (part) => join(folder, `part-${part}.txt`));
    const quiet = await startOnLastDay(join(folder, 'quiet'));
    const expected = await importInPeace(quiet, { file: SAMPLE, rows: SAMPLE_ORDERS });
    await quiet.stop();
    const { server: killed, status } = await importUnderKills(join(folder, 'killed'), parts, randomOf(SEED));
    expect(status['customers']).toBe(SAMPLE_CUSTOMERS);
    expect(digestsOf(status)).toEqual(digestsOf(expected));
    await expectRecounted(killed, recount(SAMPLE, SAMPLE_COLUMNS));
    await killed.stop();
  });
});
