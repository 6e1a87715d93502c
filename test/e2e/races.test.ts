// Many clients at once: one creator wins, one key has one effect.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, statusOf, type Answer } from './client.ts';
import { orderOf, personOf } from './orders.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(join(temporaryFolder(), 'data'));
}, 60_000);
afterAll(() => server.stop());

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

const counts = (answers: readonly Answer[]): object =>
  answers.reduce<Record<number, number>>(
    (sum, { status }) => ({ ...sum, [status]: (sum[status] ?? 0) + 1 }),
    {},
  );

describe('racing creators', { timeout: 60_000 }, () => {
  it('of 200 streams, four each: one wins, three are told so', async () => {
    const events = async (): Promise<number> => (await statusOf(server))['services'].order.events;
    const before = await events();
    const streams = Array.from({ length: 200 }, () => randomUUID());
    const race = (orderId: string): Promise<readonly Answer[]> =>
      Promise.all(
        [1, 2, 3, 4].map((n) =>
          post(server, '/api/orders', { ...orderOf(randomUUID(), n), orderId }, keyed(`${orderId}/${n}`)),
        ),
      );
    const answers = await Promise.all(streams.map(race));
    expect(counts(answers.flat())).toEqual({ 201: 200, 409: 600 });
    for (const [i, four] of answers.entries()) {
      const winner = four.find(({ status }) => status === 201);
      expect(winner?.json).toMatchObject({ id: streams[i], revision: 0 });
      for (const { json } of four.filter(({ status }) => status === 409))
        expect(json).toMatchObject({ code: 'ILLEGAL_STATE', current: { id: streams[i] } });
      const shown = await get(server, `/api/orders/${streams[i]}`);
      expect(shown.json['customerId']).toBe(winner?.json['customerId']);
    }
    expect(await events()).toBe(before + 200);
  });

  it('of one revision: one wins, the others hear 412 with the current one', async () => {
    const { json } = await post(server, '/api/orders', orderOf(randomUUID()));
    const path = `/api/orders/${json['id']}/hold`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        post(server, path, { reason: 'MANUAL' }, { headers: { 'if-match': '"0"' } }),
      ),
    );
    expect(counts(answers)).toEqual({ 200: 1, 412: 9 });
    for (const answer of answers.filter(({ status }) => status === 412))
      expect(answer.json).toMatchObject({ code: 'STALE_REVISION', current: { revision: 1 } });
  });
});

describe('one Idempotency-Key', { timeout: 60_000 }, () => {
  const body = personOf('Somebody');
  const send = (key: string, sub: string, of: object = body): Promise<Answer> =>
    post(server, '/api/customers', of, { ...keyed(key), sub });

  it('sent 50 times in parallel has one effect and 50 equal answers', async () => {
    const before = (await statusOf(server))['services'].customer.events;
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('fifty', 'ann')));
    const [first] = answers;
    expect(first?.status).toBe(201);
    for (const { status, text, headers } of answers) {
      expect([status, text]).toEqual([201, first?.text]);
      for (const name of ['etag', 'location', 'x-position'])
        expect(headers.get(name)).toBe(first?.headers.get(name));
    }
    expect(answers.filter(({ headers }) => headers.get('idempotent-replay') === 'true')).toHaveLength(49);
    expect((await statusOf(server))['services'].customer.events).toBe(before + 1);
  });

  it('has an effect of its own for another principal', async () => {
    const [anns, bobs] = await Promise.all([send('shared', 'ann'), send('shared', 'bob')]);
    expect([anns.status, bobs.status]).toEqual([201, 201]);
    expect(anns.json['id']).not.toBe(bobs.json['id']);
    expect((await send('shared', 'bob')).json).toEqual(bobs.json);
  });

  it('is refused with another body', async () => {
    expect((await send('reused', 'ann')).status).toBe(201);
    const other = await send('reused', 'ann', personOf('Somebody else'));
    expect([other.status, other.json['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(other.text).not.toContain('Somebody');
  });
});

describe('answers to one key', { timeout: 60_000 }, () => {
  it('survive a restart', async () => {
    const first = await post(server, '/api/orders', orderOf('00000000-0000-4000-8000-000000000001'), {
      ...keyed('kept'),
    });
    expect(first.status).toBe(201);
    await server.kill();
    server = await startServer(server.data);
    const order = (await get(server, `/api/orders/${first.json['id']}`)).json;
    expect(order).toMatchObject({ status: 'Placed', revision: 0 });
  });
});
