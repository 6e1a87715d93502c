// Returns over HTTP, on a running platform: a route per command, refusals that say what to do, what the tour states.
import { idOf } from '@tenure/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, type Asked, type Json } from '../../../test/e2e/client.ts';
import { sendingTo } from '../../../test/e2e/sending.ts';
import { startServer, temporaryFolder, until, type Server } from '../../../test/e2e/server.ts';
import { lines, packs, total } from './processes.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(temporaryFolder());
}, 90_000);
afterAll(() => server.stop());

const agent: Asked = { roles: ['agent'], claims: { agent: idOf('agent-1'), teams: [] } };
const supervisor: Asked = { roles: ['supervisor'] };
const customerId = idOf('customer');

const { send, done, refusedWith } = sendingTo(() => server, agent);

const fulfilled = async (name: string): Promise<string> => {
  const orderId = idOf(name);
  await done('/orders', { orderId, customerId, channel: 'WEB_SHOP', lines, total });
  await done(`/orders/${orderId}/confirm`);
  await done(`/orders/${orderId}/complete-fulfilment`);
  return orderId;
};

const request = (name: string, orderId: string, qty: number, more: object = {}) => ({
  returnId: idOf(name),
  orderId,
  lines: packs(qty),
  reasonCode: 'DEFECT',
  ...more,
});

const shown = async (id: string): Promise<Json> => (await get(server, `/api/returns/${id}`)).json;

const reserved = (orderId: string, returnId: string): Promise<unknown> =>
  until('the pieces are reserved', async () => {
    const { state } = (await get(server, `/api/orders/${orderId}`)).json;
    return state.reservedForReturns.some((one: Json) => one['returnId'] === returnId);
  });

describe('a return', { timeout: 60_000 }, () => {
  it('goes the way of the tour: five of twelve packs come back for 214.70', async () => {
    const orderId = await fulfilled('order');
    const id = idOf('return');
    const asked = await done('/returns', request('return', orderId, 5));
    expect(asked.status).toBe(201);
    expect(asked.json).toMatchObject({ id, customerId });
    await reserved(orderId, id);
    expect(await shown(id)).toMatchObject({
      status: 'Requested',
      state: { orderId, lines: packs(5), reasonCode: 'DEFECT', policyVersion: 1 },
      allowedCommands: ['ApproveReturn', 'RejectReturn'],
    });
    await done(`/returns/${id}/approve`);
    await refusedWith(422, 'QUANTITY_EXCEEDED', `/returns/${id}/receive`, {
      lines: packs(6),
      condition: 'unopened',
    });
    await done(`/returns/${id}/receive`, { lines: packs(5), condition: 'unopened' });
    const refund = (minor: number, currency = 'CNY') => ({ amount: { minor, currency }, lines: packs(5) });
    const most = await refusedWith(422, 'REFUND_EXCEEDED', `/returns/${id}/issue-refund`, refund(21_471));
    expect(most['most']).toEqual({ minor: 21_470, currency: 'CNY' });
    await refusedWith(422, 'CURRENCY_MISMATCH', `/returns/${id}/issue-refund`, refund(21_470, 'EUR'));
    await done(`/returns/${id}/issue-refund`, refund(21_470));
    expect(await shown(id)).toMatchObject({
      status: 'Refunded',
      state: {
        condition: 'unopened',
        refund: { amount: { minor: 21_470, currency: 'CNY' }, lines: packs(5) },
      },
      allowedCommands: [],
    });
    const listed = await until('it is listed', async () => {
      const { items } = (await get(server, `/api/returns?orderId=${orderId}&status=Refunded`)).json;
      return items.length === 1 && (items as Json[]);
    });
    expect(listed[0]).toMatchObject({ id, customerId, orderId });
    expect((await get(server, `/api/returns?customerId=${idOf('nobody')}`)).json['items']).toEqual([]);
  });

  it('is refused where the order says so', async () => {
    const orderId = await fulfilled('other');
    await refusedWith(422, 'UNKNOWN_ORDER', '/returns', request('r1', idOf('none'), 1));
    await refusedWith(
      422,
      'CUSTOMER_MISMATCH',
      '/returns',
      request('r1', orderId, 1, { customerId: idOf('else') }),
    );
    await refusedWith(422, 'QUANTITY_EXCEEDED', '/returns', request('r1', orderId, 13));
    const codes = await refusedWith(
      422,
      'UNKNOWN_REASON',
      '/returns',
      request('r1', orderId, 1, { reasonCode: 'X' }),
    );
    expect(codes['allowed']).toEqual('DEFECT WRONG_ITEM NOT_AS_DESCRIBED NOT_WANTED LATE OTHER'.split(' '));
    await refusedWith(400, 'INVALID', '/returns', request('r1', orderId, 0));
    await done('/orders', { orderId: idOf('placed'), customerId, channel: 'WEB_SHOP', lines, total });
    await refusedWith(422, 'ORDER_NOT_FULFILLED', '/returns', request('r1', idOf('placed'), 1));
    await refusedWith(409, 'ILLEGAL_STATE', `/returns/${idOf('return')}/approve`);
  });

  it('needs a supervisor beyond 500.00, and is rejected with a code of the policy', async () => {
    const orderId = await fulfilled('third');
    const id = idOf('large');
    await done('/returns', request('large', orderId, 12));
    await reserved(orderId, id);
    const problem = await refusedWith(403, 'FORBIDDEN', `/returns/${id}/approve`);
    expect(problem).toMatchObject({ needs: ['supervisor', 'admin'] });
    await refusedWith(422, 'UNKNOWN_REASON', `/returns/${id}/reject`, { reasonCode: 'DEFECT' });
    await done(`/returns/${id}/approve`, {}, supervisor);
    await refusedWith(409, 'ILLEGAL_STATE', `/returns/${id}/reject`, { reasonCode: 'OTHER' });
  });

  it('lets go of its pieces when it is rejected', async () => {
    const orderId = await fulfilled('fourth');
    await done('/returns', request('rejected', orderId, 12));
    await reserved(orderId, idOf('rejected'));
    await refusedWith(422, 'QUANTITY_EXCEEDED', '/returns', request('more', orderId, 1));
    await done(`/returns/${idOf('rejected')}/reject`, { reasonCode: 'WITHDRAWN' });
    await until(
      'the pieces are free',
      async () => (await send('/returns', request('more', orderId, 1))).status === 201,
    );
  });

  it('has no routes for what its process says on the order', async () => {
    for (const command of ['reserve-return', 'release-return', 'close'])
      expect((await send(`/orders/${idOf('order')}/${command}`)).status).toBe(404);
  });
});
