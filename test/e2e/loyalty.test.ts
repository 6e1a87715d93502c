// A member of the club, over the interface: enrolled and rewarded by orders, through locks, tiers and returns.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuid5 } from '../../packages/core/src/index.ts';
import { call, get, post, settled, type Json } from './client.ts';
import { personOf } from './orders.ts';
import { ROOT, startServer, temporaryFolder, until, type Server } from './server.ts';

const data = join(temporaryFolder(), 'data');
const template = JSON.parse(
  readFileSync(join(ROOT, 'services/loyalty/policies/programme.v1.json'), 'utf8'),
) as Json;
const ifMatch = { headers: { 'if-match': '*' } };

let server: Server;
beforeAll(async () => {
  server = await startServer(data, { args: ['--settable-clock'] });
}, 60_000);
afterAll(() => server.stop());

const close = async (day: string): Promise<Json> =>
  (await post(server, '/ops/clock', { closeThrough: day })).json;
const done = async (path: string, body: unknown = {}): Promise<Json> => {
  const { status, json } = await post(server, path, body, ifMatch);
  expect([path, status, json['detail']]).toEqual([path, status < 300 ? status : 200, undefined]);
  return json;
};

const cny = (minor: number) => ({ minor, currency: 'CNY' });
const line = (qty: number, price: number, discount: number, tax: number) => ({
  lineId: randomUUID(),
  productId: randomUUID(),
  qty,
  unitPrice: cny(price),
  discount: cny(discount),
  tax: cny(tax),
  total: cny(qty * price - discount + tax),
});
type Line = ReturnType<typeof line>;

const place = async (customerId: string, lines: readonly Line[]): Promise<string> => {
  const total = cny(lines.reduce((sum, one) => sum + one.total.minor, 0));
  return (await done('/api/orders', { customerId, channel: 'WEB_SHOP', lines, total }))['id'] as string;
};
const fulfil = async (orderId: string): Promise<void> => {
  await done(`/api/orders/${orderId}/confirm`);
  await done(`/api/orders/${orderId}/complete-fulfilment`);
};

let programId: string;
let customerId: string;
const accountId = (): string => uuid5(customerId, programId);
const account = async (): Promise<Json> =>
  (await get(server, `/api/loyalty-accounts/${accountId()}`)).json['state'] as Json;
const points = async (): Promise<unknown> => {
  await settled(server);
  const { available, pending, debt, tierId } = await account();
  return { available, pending, debt, tierId };
};
/** Waits until what reactions owe has come. */
const owes = (expected: object): Promise<unknown> =>
  until(`the account says ${JSON.stringify(expected)}`, async () => {
    const { status, json } = await get(server, `/api/loyalty-accounts/${accountId()}`);
    const state = json['state'] as Json;
    return status === 200 && Object.entries(expected).every(([name, value]) => state[name] === value);
  });

describe('a member of the club', { timeout: 120_000 }, () => {
  it('finds a programme that supervisors have published', async () => {
    await close('2026-01-04');
    const draft = { name: template['name'].en, pointsName: template['pointsName'].en, autoEnrol: true };
    const refused = await post(server, '/api/loyalty-programs', draft, {
      roles: ['agent'],
      claims: { agent: randomUUID() },
    });
    expect([refused.status, refused.json['code']]).toEqual([403, 'FORBIDDEN']);
    expect(refused.json['needs']).not.toContain('agent');
    programId = (await done('/api/loyalty-programs', draft))['id'] as string;
    const path = `/api/loyalty-programs/${programId}`;
    const { ladder, earning, rewards } = template;
    const tiers = (ladder.tiers as Json[]).map((tier) => ({ ...tier, name: tier['name'].en }));
    await done(`${path}/publish-tier-ladder`, { ...ladder, tiers });
    await done(`${path}/publish-earning-rules`, earning);
    for (const { rewardId, kind, cost, value, name } of rewards)
      await done(`${path}/publish-reward`, { rewardId, kind, cost, value, name: name.en });
    const { status, json } = await get(server, path);
    expect([status, json['status']]).toEqual([200, 'Live']);
    expect(json['state']).toMatchObject({ autoEnrol: true, earning: [{ version: 1, rules: earning.rules }] });
    expect((json['state'].rewards as Json[]).map(({ cost }) => cost)).toEqual([300, 1_000, 2_500]);
  });

  it('joins with the first fulfilled order, and rises at once', async () => {
    await close('2026-01-18');
    customerId = (await done('/api/customers', personOf('Lin Xiaomei')))['id'] as string;
    await settled(server);
    await fulfil(await place(customerId, [line(2, 42_000, 4_000, 10_400), line(10, 3_800, 0, 4_940)]));
    await owes({ pending: 1_180, tierId: 'SILVER' });
    const { lots } = await account();
    expect((lots as Json[]).map(({ points: given }) => given)).toEqual([800, 380]);
    for (const lot of lots as Json[])
      expect(lot).toMatchObject({
        availableAt: '2026-02-19T00:00:00.000Z',
        expiresOn: '2027-12-31',
        locked: true,
      });
    const { json } = await get(
      server,
      `/api/customers/${customerId}/timeline?source=loyalty&type=TierChanged`,
    );
    expect((json['items'] as Json[]).map(({ data: fact }) => fact)).toMatchObject([
      { fromTierId: 'BRONZE', toTierId: 'SILVER', direction: 'UP', qualifyingValue: '1180', period: '2026' },
    ]);
  });

  it('may spend what it earned when the return window has closed', async () => {
    await close('2026-02-17');
    await fulfil(await place(customerId, [line(15, 3_800, 0, 7_410)]));
    await owes({ pending: 1_750 });
    await close('2026-02-18');
    expect(await points()).toEqual({ available: 1_180, pending: 570, debt: 0, tierId: 'SILVER' });
    await close('2026-03-20');
    expect(await points()).toMatchObject({ available: 1_750, pending: 0 });
  });

  it('spends points on a reward, and gets them back into the same lots', async () => {
    const [shipping] = template['rewards'] as Json[];
    const path = `/api/loyalty-accounts/${accountId()}`;
    const redemptionId = randomUUID();
    await done(`${path}/redeem-points`, { redemptionId, rewardId: shipping?.['rewardId'] });
    expect(await points()).toMatchObject({ available: 1_450 });
    await done(`${path}/reverse-redemption`, { redemptionId, reason: 'sold out' });
    expect(await points()).toMatchObject({ available: 1_750 });
    const tooMuch = await post(
      server,
      `${path}/adjust-points`,
      { points: 1_001, reason: 'a present' },
      ifMatch,
    );
    expect([tooMuch.status, tooMuch.json['code']]).toEqual([422, 'FOUR_EYES_REQUIRED']);
  });

  it('gives points to another member, who keeps the day on which they expire', async () => {
    const other = (await done('/api/customers', personOf('Somebody else')))['id'] as string;
    const otherId = uuid5(other, programId);
    await done('/api/loyalty-accounts', { customerId: other, programId });
    await done(`/api/loyalty-accounts/${accountId()}/transfer-points`, { toAccountId: otherId, points: 500 });
    const arrived = await until('the points have arrived', async () => {
      const { json } = await get(server, `/api/loyalty-accounts/${otherId}`);
      return json['state'].available === 500 && (json['state'] as Json);
    });
    expect(arrived['lots']).toMatchObject([{ left: 500, expiresOn: '2027-12-31', locked: false }]);
    expect(await points()).toMatchObject({ available: 1_250 });
  });

  it('is found in the lists', async () => {
    await settled(server);
    const ids = async (query: string): Promise<unknown> =>
      ((await get(server, `/api/loyalty-accounts?${query}`)).json['items'] as Json[]).map(({ id }) => id);
    expect(await ids(`programId=${programId}&tierId=SILVER`)).toEqual([accountId()]);
    expect(await ids(`customerId=${customerId}`)).toEqual([accountId()]);
    expect(await ids('tierId=GOLD')).toEqual([]);
  });

  it('has a fixed account, once', async () => {
    const again = await post(server, '/api/loyalty-accounts', { customerId, programId });
    expect([again.status, again.json['code']]).toEqual([409, 'ALREADY_EXISTS']);
    const other = await post(server, '/api/loyalty-accounts', {
      accountId: randomUUID(),
      customerId,
      programId,
    });
    expect([other.status, other.json['code']]).toEqual([422, 'ACCOUNT_ID_FIXED']);
    for (const timer of ['unlock-points', 'expire-points', 'receive-points', 'change-tier']) {
      const { status } = await call(server, 'POST', `/api/loyalty-accounts/${accountId()}/${timer}`, {
        body: {},
        ...ifMatch,
      });
      expect([timer, status]).toEqual([timer, 404]);
    }
  });

  it('loses the tier when a year has closed in which it was not earned, and the points on their last day', async () => {
    await close('2026-12-31');
    expect(await points()).toMatchObject({ tierId: 'SILVER' });
    await close('2027-12-30');
    expect(await points()).toMatchObject({ available: 1_250, tierId: 'SILVER' });
    await close('2027-12-31');
    expect(await points()).toEqual({ available: 0, pending: 0, debt: 0, tierId: 'BRONZE' });
    expect(await close('2028-01-05')).toMatchObject({ fired: 0 });
  });
});
