// What goes wrong on purpose (`serve --faults`): an event that cannot be folded, and a slice whose code has changed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { get, post, settled, statusOf, tenure, tenureJson, type Json } from './client.ts';
import { orderOf, personOf } from './orders.ts';
import { refusedStart, startServer, temporaryFolder, until, type Server } from './server.ts';

type Fault = { readonly file: string; readonly find: string; readonly replace: string };

const folder = temporaryFolder();

const faulty = (name: string, ...faults: readonly Fault[]) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(faults.length === 1 ? faults[0] : faults));
  return { args: ['--faults', file], env: { TENURE_ALLOW_FAULTS: '1' } };
};

const POISON = '00000000-0000-4000-8000-00000000dead';
const poison: Fault = {
  file: 'packages/projections/src/live-document.ts',
  find: 'document.slices[source] = handler(document.slices[source], event, document.id);',
  replace: `if (event.key === '${POISON}' && event.type === 'OrderPlaced') throw new RangeError('a poison event');
  document.slices[source] = handler(document.slices[source], event, document.id);`,
};

const place = async (server: Server, customerId: string): Promise<string> => {
  const { status, headers } = await post(server, '/api/orders', orderOf(customerId));
  expect(status).toBe(201);
  return headers.get('x-position') ?? '';
};

const documentOf = (server: Server, id: string, position?: string) =>
  get(server, `/api/customers/${id}/360${position === undefined ? '' : `?minPosition=${position}`}`);

describe('a poison event', { timeout: 60_000 }, () => {
  const data = join(folder, 'poisoned');
  const others = Array.from({ length: 5 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);

  const register = async (server: Server, customerId: string): Promise<void> => {
    const { status } = await post(server, '/api/customers', { ...personOf('Somebody'), customerId });
    expect(status).toBe(201);
  };

  const parkedIn = async (server: Server): Promise<readonly Json[]> =>
    (await tenureJson(server.data, 'parked', 'list', 'customer-360')).json['items'] as Json[];

  it('parks its customer, lets all others flow, and heals when it can be folded', async () => {
    let server = await startServer(data, faulty('poison', poison));
    for (const id of [POISON, ...others]) await register(server, id);
    await settled(server);
    await place(server, POISON);
    const began = performance.now();
    for (const id of others) {
      const position = await place(server, id);
      const { status, json } = await documentOf(server, id, position);
      expect([status, json['stale'], json['slices'].order.count]).toEqual([200, false, 1]);
    }
    const parked = await until('the customer is parked', async () => {
      const status = await statusOf(server);
      return status['projections']['customer-360'].parked === 1 && status;
    });
    expect(performance.now() - began).toBeLessThan(10_000);

    expect(parked['degraded']).toContainEqual({ projection: 'customer-360', parked: 1 });
    const ready = await get(server, '/readyz', { roles: [] });
    expect([ready.status, ready.json['ready']]).toEqual([200, true]);
    expect(ready.json['degraded']).toContainEqual({ projection: 'customer-360', parked: 1 });
    const [row, ...more] = await parkedIn(server);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ key: POISON, class: 'RangeError', message: 'a poison event', events: 1 });
    expect((await documentOf(server, POISON)).json).toMatchObject({
      stale: true,
      slices: { order: { count: 0 } },
    });
    await place(server, POISON); // what comes later waits with it, in order
    await until('it waits as well', async () => (await parkedIn(server))[0]?.['events'] === 2);

    const retried = await tenureJson(data, 'parked', 'retry', 'customer-360', '--key', POISON);
    expect(retried.json['released']).toEqual([]);
    expect((await parkedIn(server))[0]).toMatchObject({ key: POISON, attempts: 2 });
    expect((await server.stop()).code).toBe(0);

    server = await startServer(data);
    const healed = await tenure(data, 'parked', 'retry', 'customer-360');
    expect([healed.code, healed.stderr]).toEqual([0, '']);
    expect(await parkedIn(server)).toEqual([]);
    // Everybody who folds orders met the poison.
    const { degraded } = await statusOf(server);
    for (const { projection } of degraded as Json[])
      await tenure(data, 'parked', 'retry', projection as string);
    await until('nothing is degraded', async () => (await statusOf(server))['degraded'].length === 0);
    expect((await documentOf(server, POISON)).json).toMatchObject({
      stale: false,
      slices: { order: { count: 2 } },
    });
    expect((await tenure(data, 'verify', 'customer-360', '--full')).code).toBe(0);
    await server.stop();
  });
});

describe('a slice whose code has changed', { timeout: 60_000 }, () => {
  const data = join(folder, 'changed');
  const id = '00000000-0000-4000-8000-0000000000aa';
  const changed: Fault = {
    file: 'services/customer-360/src/order-slice.ts',
    find: 'count: state.count + 1,',
    replace: 'count: state.count + 10,',
  };
  const slow: Fault = {
    file: 'packages/projections/src/build/run-build.ts',
    find: 'const finished = finishedPartitions(',
    replace: `await new Promise((resolve) => void setTimeout(resolve, 3_000));
    const finished = finishedPartitions(`,
  };
  const countIn = async (server: Server): Promise<number> =>
    (await documentOf(server, id)).json['slices'].order.count;
  const projectionOf = async (server: Server): Promise<Json> =>
    (await statusOf(server))['projections']['customer-360'];

  it('is served as it was until its new generation is built, verified and active, all by itself', async () => {
    let server = await startServer(data);
    await place(server, id);
    const before = (await settled(server))['projections']['customer-360'];
    expect(await countIn(server)).toBe(1);
    await server.stop();

    server = await startServer(data, faulty('changed', changed, slow));
    expect(await projectionOf(server)).toMatchObject({ generation: before.generation, stale: true });
    expect(await countIn(server)).toBe(1); // as the old code has it
    const position = await place(server, id); // and writing goes on
    const after = await until('the new generation serves', async () => {
      const now = await projectionOf(server);
      expect((await documentOf(server, id)).status).toBe(200);
      return now['generation'] !== before.generation && now;
    });
    expect(after).toMatchObject({ stale: false, state: 'active' });
    expect(after['generation']).toBeGreaterThan(before.generation);
    expect((await documentOf(server, id, position)).json['slices'].order.count).toBe(20);
    const generations = (await get(server, '/ops/generations/customer-360')).json['items'] as Json[];
    expect(generations.find(({ generation }) => generation === after['generation'])).toMatchObject({
      state: 'active',
      verified: { differences: 0 },
    });
    await server.stop();

    server = await startServer(data); // the old code again: a new generation again
    await until('the code of old serves', async () => (await countIn(server)) === 2);
    expect((await tenure(data, 'verify', 'customer-360', '--full')).code).toBe(0);
    await server.stop();
  });
});

describe('faults', { timeout: 60_000 }, () => {
  const data = join(folder, 'refused');

  it('are refused where nobody has allowed them, and when they do not fit', async () => {
    const { args, env } = faulty('plain', poison);
    const missing = faulty('missing', { ...poison, find: 'no such text' });
    const outside = faulty('outside', { ...poison, file: '../../etc/passwd' });
    const [forbidden, unfit, away, none] = await Promise.all([
      refusedStart(data, { args }),
      refusedStart(data, missing),
      refusedStart(data, outside),
      refusedStart(data, { args: ['--faults', join(folder, 'none.json')], env }),
    ]);
    expect([forbidden.code, forbidden.stderr]).toEqual([2, expect.stringContaining('TENURE_ALLOW_FAULTS=1')]);
    expect([unfit.code, unfit.stderr]).toEqual([2, expect.stringContaining('0 times')]);
    expect([away.code, away.stderr]).toEqual([2, expect.stringContaining('must be a module of the product')]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('ENOENT')]);
  });
});
