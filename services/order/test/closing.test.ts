// An order closes when its last return day has closed, or on the first later day on which no return of it is under way.
import { idOf } from '@tenure/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, get, type Asked } from '../../../test/e2e/client.ts';
import { startServer, temporaryFolder, until, type Server } from '../../../test/e2e/server.ts';
import { lines, packs, total } from './processes.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer(temporaryFolder(), { args: ['--settable-clock'] });
}, 90_000);
afterAll(() => server.stop());

const admin: Asked = { roles: ['admin'] };
const send = async (path: string, body: object = {}): Promise<void> => {
  const answer = await call(server, 'POST', path, { ...admin, body, headers: { 'if-match': '*' } });
  expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
};
const close = (day: string): Promise<void> => send('/ops/clock', { closeThrough: day });

const fulfilled = async (name: string): Promise<string> => {
  const orderId = idOf(name);
  await send('/api/orders', { orderId, customerId: idOf('customer'), channel: 'WEB_SHOP', lines, total });
  await send(`/api/orders/${orderId}/confirm`);
  await send(`/api/orders/${orderId}/complete-fulfilment`);
  return orderId;
};

const statusOf = async (orderId: string): Promise<string> =>
  (await get(server, `/api/orders/${orderId}`)).json['status'];

describe('the closing of an order', () => {
  it('is 30 days after the fulfilment, and waits for its returns', async () => {
    await close('2026-03-15');
    const [plain, returned] = [await fulfilled('plain'), await fulfilled('returned')];
    const id = idOf('return');
    await send('/api/returns', { returnId: id, orderId: returned, lines: packs(5), reasonCode: 'DEFECT' });
    await until('the pieces are reserved', async () => {
      const { state } = (await get(server, `/api/orders/${returned}`)).json;
      return state.reservedForReturns.length === 1;
    });
    await close('2026-04-14');
    expect([await statusOf(plain), await statusOf(returned)]).toEqual(['Fulfilled', 'Fulfilled']);
    await close('2026-04-15');
    expect([await statusOf(plain), await statusOf(returned)]).toEqual(['Closed', 'Fulfilled']);
    await close('2026-04-17');
    await send(`/api/returns/${id}/approve`);
    await send(`/api/returns/${id}/issue-refund`, {
      amount: { minor: 21_470, currency: 'CNY' },
      lines: packs(5),
    });
    expect(await statusOf(returned)).toBe('Fulfilled');
    await close('2026-04-18');
    expect(await statusOf(returned)).toBe('Closed');
  }, 60_000);
});
