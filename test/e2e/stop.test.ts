// SIGTERM under load: whoever tries again where the server says so never sees a failed request.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { get, post, settled, statusOf, tenureJson, type Answer } from './client.ts';
import { orderOf } from './orders.ts';
import { purchaseRows, writeRows } from './purchases.ts';
import { startServer, temporaryFolder, until, type Server } from './server.ts';

const folder = temporaryFolder();
const CLIENTS = 16;
const GRACEFUL_MS = 15_000;

/** Connection refused, reset, closed: fetch tells all of them as a TypeError. */
const isConnection = (error: unknown): boolean => error instanceof TypeError;

describe('SIGTERM under load', { timeout: 90_000 }, () => {
  it('ends with 0 in time, and no request of a client that retries fails', async () => {
    let server: Server | null = await startServer(join(folder, 'data'));
    const { data } = server;
    const over = new AbortController();
    let retries = 0;
    const failures: string[] = [];

    // A retry with the same key on whichever server runs now.
    const send = async (attempt: (at: Server) => Promise<Answer>): Promise<Answer> => {
      for (;;) {
        const at = server;
        try {
          if (at !== null) {
            const answer = await attempt(at);
            if (answer.status !== 503) return answer;
            if (!answer.headers.has('retry-after')) failures.push('503 without Retry-After');
          }
        } catch (error) {
          if (!isConnection(error)) throw error;
        }
        retries++;
        await pause(20);
      }
    };
    let placed = 0;
    const client = async (): Promise<void> => {
      const customerId = randomUUID();
      let orders = 0;
      while (!over.signal.aborted) {
        const headers = { 'idempotency-key': randomUUID() };
        const body = orderOf(customerId);
        const created = await send((at) => post(at, '/api/orders', body, { headers }));
        if (created.status !== 201) failures.push(`${created.status} ${created.text}`);
        orders++;
        placed++;
        const path = `/api/customers/${customerId}/360?minPosition=${created.headers.get('x-position')}`;
        const read = await send((at) => get(at, path));
        if (read.status !== 200 || read.json['slices'].order.count !== orders)
          failures.push(`${read.status} ${orders} ${read.text}`);
      }
    };

    const clients = Promise.all(Array.from({ length: CLIENTS }, client));
    for (let round = 0; round < 2; round++) {
      const goal = placed + 50;
      await until('there is load', () => placed >= goal);
      const { code, ms } = await server.stop();
      expect(code).toBe(0);
      expect(ms).toBeLessThan(GRACEFUL_MS);
      server = null;
      server = await startServer(data);
    }
    const goal = placed + 50;
    await until('it goes on', () => placed >= goal);
    over.abort();
    await clients;
    expect(failures).toEqual([]);
    expect(retries).toBeGreaterThan(0);
    await settled(server);
    expect((await statusOf(server))['events'].OrderPlaced).toBe(placed);
    expect((await server.stop()).code).toBe(0);
  });

  it('lets an import go on with the next server', async () => {
    let server = await startServer(join(folder, 'imported'));
    const rows = purchaseRows(400, 5);
    const file = writeRows(join(folder, 'purchases.txt'), rows);
    const importing = tenureJson(server.data, 'import', 'orders', file, '--mapping', 'cdnow-sample');
    await until(
      'the import is on its way',
      async () => (await statusOf(server))['services'].order.events > 100,
    );
    const { code, ms } = await server.stop();
    expect([code, ms < GRACEFUL_MS]).toEqual([0, true]);
    server = await startServer(server.data);
    const { json, code: imported, stderr } = await importing;
    expect([imported, stderr]).toEqual([0, '']);
    expect(json['accepted'] + json['duplicates']).toBe(rows.length);
    expect([json['rejected'], json['conflicts']]).toEqual([0, 0]);
    expect((await settled(server))['events'].OrderPlaced).toBe(rows.length);
    await server.stop();
  });
});
