// A server with a settable clock and the club of the template: what tests of loyalty say over the interface.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import { uuid5 } from '../../packages/core/src/index.ts';
import { get, post, settled, type Asked, type Json } from './client.ts';
import { personOf } from './orders.ts';
import { ROOT, startServer, temporaryFolder, until } from './server.ts';

export const template = JSON.parse(
  readFileSync(join(ROOT, 'services/loyalty/policies/programme.v1.json'), 'utf8'),
) as Json;

const cny = (minor: number) => ({ minor, currency: 'CNY' });
export const line = (qty: number, price: number, discount: number, tax: number) => ({
  lineId: randomUUID(),
  productId: randomUUID(),
  qty,
  unitPrice: cny(price),
  discount: cny(discount),
  tax: cny(tax),
  total: cny(qty * price - discount + tax),
});
export type Line = ReturnType<typeof line>;
const ifMatch = { headers: { 'if-match': '*' } };

export const openClub = async () => {
  const server = await startServer(join(temporaryFolder(), 'data'), { args: ['--settable-clock'] });
  let programId = '';

  /** A command that is accepted. */
  const done = async (path: string, body: unknown = {}, asked: Asked = {}): Promise<Json> => {
    const { status, json } = await post(server, path, body, { ...ifMatch, ...asked });
    expect([path, status < 300, json['detail']]).toEqual([path, true, undefined]);
    return json;
  };
  /** The code of a refusal. */
  const refused = async (path: string, body: unknown = {}, asked: Asked = {}): Promise<unknown> => {
    const { status, json } = await post(server, path, body, { ...ifMatch, ...asked });
    return `${status} ${String(json['code'])}`;
  };
  const accountOf = (customerId: string): string => uuid5(customerId, programId);
  const account = async (customerId: string): Promise<Json> =>
    (await get(server, `/api/loyalty-accounts/${accountOf(customerId)}`)).json;

  return {
    server,
    done,
    refused,
    accountOf,
    account,
    programId: () => programId,
    close: async (day: string): Promise<Json> =>
      (await post(server, '/ops/clock', { closeThrough: day })).json,
    /** Rows 2 to 5 of the tour. */
    async publish(): Promise<void> {
      const { name, pointsName, autoEnrol, ladder, earning, rewards } = template;
      const draft = { name: name.en, pointsName: pointsName.en, autoEnrol };
      programId = (await done('/api/loyalty-programs', draft))['id'] as string;
      const path = `/api/loyalty-programs/${programId}`;
      const tiers = (ladder.tiers as Json[]).map((tier) => ({ ...tier, name: tier['name'].en }));
      await done(`${path}/publish-tier-ladder`, { ...ladder, tiers });
      await done(`${path}/publish-earning-rules`, earning);
      for (const { rewardId, kind, cost, value, name: reward } of rewards)
        await done(`${path}/publish-reward`, { rewardId, kind, cost, value, name: reward.en });
    },
    register: async (name: string): Promise<string> => {
      const { id } = await done('/api/customers', personOf(name));
      await settled(server);
      return id as string;
    },
    place: async (customerId: string, lines: readonly Line[]): Promise<string> => {
      const total = cny(lines.reduce((sum, one) => sum + one.total.minor, 0));
      return (await done('/api/orders', { customerId, channel: 'WEB_SHOP', lines, total }))['id'] as string;
    },
    async fulfil(orderId: string): Promise<void> {
      await done(`/api/orders/${orderId}/confirm`);
      await done(`/api/orders/${orderId}/complete-fulfilment`);
    },
    /** Waits until the account says so: reactions take a moment. */
    owes: (customerId: string, expected: object): Promise<unknown> =>
      until(`the account says ${JSON.stringify(expected)}`, async () => {
        const { state } = await account(customerId);
        return (
          state !== undefined &&
          Object.entries(expected).every(([name, value]) => (state as Json)[name] === value)
        );
      }),
    /** What the account says when everything has settled. */
    points: async (customerId: string) => {
      await settled(server);
      const { available, pending, debt, tierId } = (await account(customerId))['state'] as Json;
      return { available, pending, debt, tierId } as Json;
    },
  };
};
export type Club = Awaited<ReturnType<typeof openClub>>;
