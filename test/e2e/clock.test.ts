// A clock that is set by command: days close in order, deadlines fire when their day is over, once.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, settled, tenure, tenureJson, type Json } from './client.ts';
import { orderOf, personOf } from './orders.ts';
import { refusedStart, startServer, temporaryFolder, type Server } from './server.ts';

const data = join(temporaryFolder(), 'data');
const start = (): Promise<Server> => startServer(data, { args: ['--settable-clock'] });

let server: Server;
beforeAll(async () => {
  server = await start();
}, 60_000);
afterAll(() => server.stop());

const clock = async (): Promise<Json> => (await get(server, '/ops/clock')).json;
const close = (closeThrough: string) => post(server, '/ops/clock', { closeThrough });
const statusOfOrder = async (id: string): Promise<unknown> =>
  (await get(server, `/api/orders/${id}`)).json['status'];

describe('a settable clock', { timeout: 60_000 }, () => {
  it('stands nowhere before its first day, and then at the start of the next one', async () => {
    expect(await clock()).toMatchObject({ now: null, businessDay: null, settable: true });
    const first = await close('2026-11-20');
    expect([first.status, first.json]).toEqual([200, { closed: ['2026-11-20'], fired: 0 }]);
    expect(first.headers.get('x-position')).toMatch(/^clock:\d+$/);
    expect(await clock()).toMatchObject({ businessDay: '2026-11-20' });
    expect(await clock()).toMatchObject({ now: expect.stringMatching(/^2026-11-2[01]T/) });
  });

  it('takes a closed day for no error, and no day that is none', async () => {
    expect((await close('2026-11-19')).json).toEqual({ closed: [], fired: 0 });
    expect((await close('2026-11-20')).json).toEqual({ closed: [], fired: 0 });
    expect((await close('2026-11-31')).status).toBe(400);
    expect((await close('2099-01-01')).status).toBe(400);
  });

  it('closes fulfilled orders when their thirty days are over, once, also after a restart', async () => {
    const { json: person } = await post(server, '/api/customers', personOf('Somebody'));
    const place = async (): Promise<string> => {
      const { json } = await post(server, '/api/orders', orderOf(person['id']));
      return json['id'] as string;
    };
    const [fulfilled, open] = [await place(), await place()];
    for (const command of ['confirm', 'complete-fulfilment']) {
      const { status } = await post(
        server,
        `/api/orders/${fulfilled}/${command}`,
        {},
        { headers: { 'if-match': '*' } },
      );
      expect([command, status]).toEqual([command, 200]);
    }
    // Fulfilled on the 21st: its last day of grace is the 21st of December.
    const early = await close('2026-12-20');
    expect(early.json).toMatchObject({ fired: 0 });
    expect((early.json['closed'] as string[]).length).toBe(30);
    expect(await statusOfOrder(fulfilled)).toBe('Fulfilled');
    await server.kill();
    server = await start();
    expect(await clock()).toMatchObject({ businessDay: '2026-12-20' });
    const due = await tenureJson(data, 'clock', 'close', '2026-12-21');
    expect([due.code, due.json]).toEqual([0, expect.objectContaining({ closed: ['2026-12-21'], fired: 1 })]);
    expect(await statusOfOrder(fulfilled)).toBe('Closed');
    expect(await statusOfOrder(open)).toBe('Placed');
    expect((await close('2027-01-31')).json).toMatchObject({ fired: 0 });
    const { json } = await get(server, `/api/customers/${person['id']}/timeline`);
    const closed = (json['items'] as Json[]).filter(({ type }) => type === 'OrderClosed');
    expect(closed).toHaveLength(1);
    expect(closed[0]?.['occurredAt']).toMatch(/^2026-12-2[12]T/);
  });

  it('changes what documents say by the passing of time alone, as a rebuild would', async () => {
    const status = await settled(server);
    expect(status['projections']['customer-360'].day).toBe('2027-01-31');
    const replay = await tenureJson(data, 'replay', 'start', 'customer-360', '--activate', '--wait');
    expect(replay.json).toMatchObject({
      state: 'active',
      digest: status['projections']['customer-360'].digest,
    });
    expect((await tenure(data, 'verify', 'customer-360', '--full')).code).toBe(0);
  });

  it('cannot be had, or got rid of, later on', async () => {
    await server.stop();
    const plain = await refusedStart(data);
    expect([plain.code, plain.stderr]).toEqual([1, expect.stringContaining('--settable-clock')]);
    server = await start();
  });
});

describe('the clock of the machine', { timeout: 60_000 }, () => {
  it('has closed yesterday, and cannot be set', async () => {
    const before = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const other = await startServer(join(temporaryFolder(), 'real'));
    try {
      const { json } = await get(other, '/ops/clock');
      const after = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
      expect(json['settable']).toBe(false);
      const near = [-1, 0, 1].map((days) =>
        new Date(Date.parse(before) + days * 86_400_000).toISOString().slice(0, 10),
      );
      expect([...near, after]).toContain(json['businessDay']); // the zone of the deployment is its own
      const set = await post(other, '/ops/clock', { closeThrough: '2030-01-01' });
      expect([set.status, set.json['code']]).toEqual([404, 'NOT_FOUND']);
    } finally {
      await other.stop();
    }
  });
});
