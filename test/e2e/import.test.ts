// From a file of purchases to 360° documents that a recount of the file confirms.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, settled, tenure, tenureJson } from './client.ts';
import { expectRecounted } from './recounted.ts';
import { purchaseRows, recount, SAMPLE_COLUMNS, writeRows } from './purchases.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

const folder = temporaryFolder();
const rows = purchaseRows(300, 1);
const file = writeRows(join(folder, 'purchases.txt'), rows);
const counted = recount(file, SAMPLE_COLUMNS);

const importFile = (server: Server, name = file) =>
  tenureJson(server.data, 'import', 'orders', name, '--mapping', 'cdnow-sample');

describe('an import of purchases', { timeout: 60_000 }, () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(join(folder, 'first'));
  }, 60_000);
  afterAll(() => server.stop());

  it('accepts every row once, and makes each customer on first sight', async () => {
    const { code, json } = await importFile(server);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      accepted: rows.length,
      duplicates: 0,
      rejected: 0,
      conflicts: 0,
      report: null,
    });
    const status = await settled(server);
    expect(status).toMatchObject({
      ready: true,
      degraded: [],
      customers: counted.size,
      events: {
        CustomerRegistered: counted.size,
        ExternalIdentityLinked: counted.size,
        OrderPlaced: rows.length,
        OrderConfirmed: rows.length,
        OrderFulfilled: rows.length,
      },
    });
  });

  it('shows in each 360 what a recount of the file gives', async () => {
    await expectRecounted(server, counted);
  });

  it('changes nothing when it is run again', async () => {
    const before = await settled(server);
    const { code, json } = await importFile(server);
    expect(code).toBe(0);
    expect(json).toMatchObject({ accepted: 0, duplicates: rows.length, rejected: 0, conflicts: 0 });
    const after = await settled(server);
    for (const source of ['customer', 'order'])
      expect(after['services'][source]).toEqual(before['services'][source]);
    expect(after['projections']['customer-360']).toEqual(before['projections']['customer-360']);
  });

  it('tells how everything stands', async () => {
    const { code, json } = await tenureJson(server.data, 'status');
    expect(code).toBe(0);
    expect(json).toMatchObject({ customers: counted.size, events: { OrderPlaced: rows.length } });
    for (const source of ['customer', 'order', 'clock', 'ops'])
      expect(json['services'][source]).toMatchObject({ head: expect.any(Number), backlogEvents: 0 });
    for (const name of ['customer-360', 'orders'])
      expect(json['projections'][name]).toMatchObject({
        generation: expect.any(Number),
        state: 'active',
        lagEvents: 0,
        documents: expect.any(Number),
        parked: 0,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    expect(json['projections']['customer-360'].documents).toBe(counted.size);
    expect(json['projections']['orders'].documents).toBe(rows.length);
  });

  it('reports rows that cannot be read, and rows that say something else than before', async () => {
    const [first = '', second = ''] = rows;
    const other = first.replace(/[\d.]+$/, '9999.99');
    const bad = writeRows(join(folder, 'bad.txt'), [
      other,
      second.replace(/ \d{8} /, ' 19970230 '),
      ' 99999 9999 19970101  1',
      ' 99998 9998 19970101  1   12.34',
    ]);
    const { code, json, stderr } = await importFile(server, bad);
    expect(code).toBe(0);
    expect(json).toMatchObject({ accepted: 1, duplicates: 0, rejected: 2, conflicts: 1, rows: 4 });
    expect(stderr).toContain(json['report']);
    const report = readFileSync(json['report'], 'utf8').trim().split('\n');
    expect(report[0]).toBe('row,column,reason');
    const byRow = new Map(report.slice(1).map((line) => [line.split(',')[0], line]));
    expect(new Set(byRow.keys())).toEqual(new Set(['1', '2', '3'])); // in order of their answers
    expect(byRow.get('1')).toContain('conflict');
    expect(byRow.get('2')).toContain('date');
    expect(byRow.get('3')).toContain('columns');
    expect(report.join('\n')).not.toContain('9999.99'); // what stands in the file stays there
    await settled(server);
    await expectRecounted(server, new Map([...counted].slice(0, 1)));
  });

  it('refuses a mapping, a file and a server that are not there, each with its exit code', async () => {
    const run = (data: string, name: string, mapping: string) =>
      tenure(data, 'import', 'orders', name, '--mapping', mapping);
    const [mapping, missing, nobody] = await Promise.all([
      run(server.data, file, 'no-such-mapping'),
      run(server.data, join(folder, 'missing.txt'), 'cdnow-sample'),
      run(join(folder, 'nowhere'), file, 'cdnow-sample'),
    ]);
    expect([mapping.code, mapping.stderr]).toEqual([2, expect.stringContaining('cdnow-sample')]);
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('ENOENT')]);
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('SERVER_NOT_RUNNING')]);
  });

  it('gives the same events and the same digest in another data directory', async () => {
    const events = async (of: Server): Promise<readonly string[]> => {
      const all: string[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { json } = await get(of, `/ops/events?source=order&limit=500${query}`);
        all.push(...(json['items'] as { eventId: string }[]).map(({ eventId }) => eventId));
        cursor = json['next'] as string | null;
      } while (cursor !== null);
      return all.toSorted();
    };
    // The bad file has brought one more order: both directories get the same files.
    const second = await startServer(join(folder, 'second'));
    try {
      await importFile(second);
      await importFile(second, join(folder, 'bad.txt'));
      const [here, there] = [await settled(server), await settled(second)];
      expect(there['projections']['customer-360'].day).toBe(here['projections']['customer-360'].day);
      for (const name of ['customer-360', 'orders'])
        expect(there['projections'][name].digest).toBe(here['projections'][name].digest);
      expect(await events(second)).toEqual(await events(server));
    } finally {
      await second.stop();
    }
  });
});
