// A new generation while everybody reads, a way back, and documents that were changed behind the product's back.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, settled, tenure, tenureJson, type Json } from './client.ts';
import { orderOf } from './orders.ts';
import { LAST_DAY, purchaseRows, writeRows } from './purchases.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const file = writeRows(join(folder, 'purchases.txt'), purchaseRows(300, 3));
const start = (): Promise<Server> => startServer(data, { args: ['--settable-clock'] });

let server: Server;
let ids: readonly string[];
beforeAll(async () => {
  server = await start();
  await post(server, '/ops/clock', { closeThrough: LAST_DAY });
  await tenureJson(data, 'import', 'orders', file, '--mapping', 'cdnow-sample');
  await settled(server);
  const { json } = await get(server, '/api/customers?limit=50');
  ids = (json['items'] as { id: string }[]).map(({ id }) => id);
}, 60_000);
afterAll(() => server.stop());

const digestOf = (status: Json): unknown => status['projections']['customer-360'].digest;
const generationOf = (status: Json): unknown => status['projections']['customer-360'].generation;

type Seen = { readonly generation: number; readonly revision: number; readonly body: string };

const readOne = async (id: string): Promise<Seen> => {
  const { status, headers, json } = await get(server, `/api/customers/${id}/360`, { roles: ['supervisor'] });
  expect(status).toBe(200);
  const [generation = 0, revision = 0] = (headers.get('etag') ?? '')
    .replaceAll('"', '')
    .split('.')
    .map(Number);
  expect(json['generation']).toBe(generation);
  expect([generation, revision].every(Number.isSafeInteger)).toBe(true);
  return { generation, revision, body: JSON.stringify({ ...json, generation: 0 }) };
};

/** Reads all the time until it is told to stop; a read that goes back, or shows something else, fails. */
const readers = (count: number) => {
  const over = new AbortController();
  let reads = 0;
  const work = async (reader: number): Promise<void> => {
    const newest = new Map<string, Seen>();
    for (let n = reader; !over.signal.aborted; n += count) {
      const id = ids[n % ids.length] ?? '';
      const seen = await readOne(id);
      const before = newest.get(id);
      if (before !== undefined) {
        expect(seen.generation).toBeGreaterThanOrEqual(before.generation);
        if (seen.generation === before.generation)
          expect(seen.revision).toBeGreaterThanOrEqual(before.revision);
        expect(seen.body).toBe(before.body); // nothing happens to these customers: no document may look different
      }
      newest.set(id, seen);
      reads++;
    }
  };
  const all = Promise.all(Array.from({ length: count }, (_, reader) => work(reader)));
  all.catch(() => over.abort()); // the first failure is told by stop()
  return async (): Promise<number> => {
    over.abort();
    await all;
    return reads;
  };
};

describe('a replay', { timeout: 60_000 }, () => {
  it('builds, verifies and serves a generation with the same digest, and no read fails or goes back', async () => {
    const before = await settled(server);
    const stop = readers(6);
    const { code, json } = await tenureJson(data, 'replay', 'start', 'customer-360', '--activate', '--wait');
    const reads = await stop();
    expect(code).toBe(0);
    expect(json).toMatchObject({ state: 'active', error: null, verified: { differences: 0 } });
    expect(json['verified'].keys).toBeGreaterThan(0);
    expect(json['generation']).toBeGreaterThan(generationOf(before) as number);
    expect(reads).toBeGreaterThan(50);
    const after = await settled(server);
    expect(generationOf(after)).toBe(json['generation']);
    expect(digestOf(after)).toBe(digestOf(before));
    expect(json['digest']).toBe(digestOf(before));
  });

  it('shows what is written meanwhile, and never less than it has shown', async () => {
    const [id = ''] = ids;
    const orders = async (): Promise<number> =>
      (await get(server, `/api/customers/${id}/360`)).json['slices'].order.count;
    const before = await orders();
    const replay = tenureJson(data, 'replay', 'start', 'customer-360', '--activate', '--wait');
    const over = new AbortController();
    void replay.then(() => over.abort());
    let [placed, seen] = [0, before];
    while (!over.signal.aborted) {
      const { status, headers } = await post(server, '/api/orders', orderOf(id));
      expect(status).toBe(201);
      placed++;
      const path = `/api/customers/${id}/360?minPosition=${headers.get('x-position')}`;
      const own = (await get(server, path)).json['slices'].order.count;
      expect(own).toBe(before + placed); // who writes reads what was written, whichever generation serves
      seen = Math.max(seen, own);
      expect(await orders()).toBeGreaterThanOrEqual(seen);
    }
    expect((await replay).json).toMatchObject({ state: 'active', verified: { differences: 0 } });
    expect(placed).toBeGreaterThan(3);
    expect((await tenure(data, 'verify', 'customer-360', '--full')).code).toBe(0);
  });

  it('goes back to the standby, and forward again, by hand', async () => {
    const current = generationOf(await settled(server));
    const back = await tenure(data, 'replay', 'rollback', 'customer-360', '--yes');
    expect([back.code, back.stderr]).toEqual([0, '']);
    const earlier = await settled(server);
    expect(generationOf(earlier)).toBeLessThan(current as number);
    const again = await tenure(data, 'replay', 'rollback', 'customer-360', '--generation', String(current));
    expect([again.code, again.stderr]).toEqual([0, '']);
    const later = await settled(server);
    expect(generationOf(later)).toBe(current);
    expect(digestOf(later)).toBe(digestOf(earlier));
  });

  it('that is not to be activated waits for its activation', async () => {
    const built = await tenureJson(data, 'replay', 'start', 'customer-360', '--wait');
    expect(built.code).toBe(0);
    expect(built.json).toMatchObject({ verified: { differences: 0 } });
    expect(generationOf(await settled(server))).toBeLessThan(built.json['generation']);
    const activated = await tenure(data, 'replay', 'activate', 'customer-360');
    expect([activated.code, activated.stderr]).toEqual([0, '']);
    expect(generationOf(await settled(server))).toBe(built.json['generation']);
  });

  it('refuses a projection that is not there, and a generation that cannot be served', async () => {
    const [unknown, none] = await Promise.all([
      tenure(data, 'replay', 'start', 'customer-361', '--wait'),
      tenure(data, 'replay', 'activate', 'customer-360', '--generation', '999'),
    ]);
    expect(unknown.code).toBe(3);
    expect([3, 5]).toContain(none.code);
  });
});

describe('documents that were changed behind the back of the server', { timeout: 60_000 }, () => {
  const generationFile = (): string => {
    const files = readdirSync(join(data, 'models')).filter((name) => /^customer-360\.g\d+\.db$/.test(name));
    const newest = files
      .toSorted((a, b) => Number(a.match(/\d+(?=\.db)/)?.[0]) - Number(b.match(/\d+(?=\.db)/)?.[0]))
      .at(-1);
    return join(data, 'models', newest ?? '');
  };

  /** Changes one digit within the stored body of one document. Answers its key. */
  const corruptOne = (): string => {
    const db = new DatabaseSync(generationFile());
    try {
      const { id, body } = db
        .prepare(`SELECT id, body FROM document WHERE body LIKE '%"count":1,%' ORDER BY id LIMIT 1`)
        .get() as { id: string; body: string };
      db.prepare('UPDATE document SET body = ? WHERE id = ?').run(
        body.replace('"count":1,', '"count":7,'),
        id,
      );
      return id;
    } finally {
      db.close();
    }
  };

  it('are found by key, and healed', async () => {
    const clean = await tenureJson(data, 'verify', 'customer-360', '--full');
    expect(clean.code).toBe(0);
    expect(clean.json).toMatchObject({ state: 'done', differences: [], checked: expect.any(Number) });
    const digest = digestOf(await settled(server));
    await server.stop();
    const key = corruptOne();
    server = await start();
    const found = await tenureJson(data, 'verify', 'customer-360', '--full');
    expect(found.code).toBe(6);
    expect(found.json['differences']).toEqual([{ key, paths: expect.any(Array) }]);
    expect(found.json['checked']).toBe(clean.json['checked']);
    const healed = await tenureJson(data, 'heal', 'customer-360', '--key', key);
    expect([healed.code, healed.json['healed']]).toEqual([0, [{ key, changed: true }]]);
    expect((await tenure(data, 'verify', 'customer-360', '--full')).code).toBe(0);
    expect(digestOf(await settled(server))).toBe(digest);
  });
});
