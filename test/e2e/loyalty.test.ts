// A member of the club, over the interface: the points of the tour, then everything else that may happen to them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, settled, type Json } from './client.ts';
import { line, openClub, template, type Club } from './club.ts';
import { until } from './server.ts';

let club: Club;
beforeAll(async () => {
  club = await openClub();
}, 60_000);
afterAll(() => club.server.stop());

let customerId: string;
const path = (): string => `/api/loyalty-accounts/${club.accountOf(customerId)}`;
const told = async (type: string): Promise<readonly Json[]> => {
  await settled(club.server);
  const query = `source=loyalty&type=${type}&limit=100`;
  const { json } = await get(club.server, `/api/customers/${customerId}/timeline?${query}`);
  return (json['items'] as Json[]).map(({ data }) => data as Json).toReversed();
};
const agent = { roles: ['agent'], claims: { agent: randomUUID() } };

describe('the points of the tour', { timeout: 120_000 }, () => {
  it('begin with a programme that supervisors publish', async () => {
    await club.close('2026-01-04');
    const draft = { name: 'Club', pointsName: 'points', autoEnrol: true };
    expect(await club.refused('/api/loyalty-programs', draft, agent)).toBe('403 FORBIDDEN');
    await club.publish();
    const { json } = await get(club.server, `/api/loyalty-programs/${club.programId()}`);
    expect(json['status']).toBe('Live');
    expect(json['state']).toMatchObject({ earning: [{ version: 1, rules: template['earning'].rules }] });
    expect((json['state'].rewards as Json[]).map(({ cost }) => cost)).toEqual([300, 1_000, 2_500]);
  });

  it('29: make a silver member of the first fulfilled order', async () => {
    await club.close('2026-01-18');
    customerId = await club.register('Lin Xiaomei');
    await club.fulfil(
      await club.place(customerId, [line(2, 42_000, 4_000, 10_400), line(10, 3_800, 0, 4_940)]),
    );
    await club.owes(customerId, { available: 0, pending: 1_180, tierId: 'SILVER' });
    expect(await told('MemberEnrolled')).toMatchObject([{ tierId: 'BRONZE', programVersion: 1 }]);
    const lot = { availableAt: '2026-02-19T00:00:00.000Z', expiresOn: '2027-12-31', locked: true };
    expect((await club.account(customerId))['state'].lots).toMatchObject([
      { ...lot, points: 800 },
      { ...lot, points: 380 },
    ]);
    expect(await told('TierChanged')).toMatchObject([
      { direction: 'UP', toTierId: 'SILVER', qualifyingValue: '1180', period: '2026' },
    ]);
  });

  it('32, 33: come free when the return window has closed', async () => {
    await club.close('2026-02-17');
    await club.fulfil(await club.place(customerId, [line(15, 3_800, 0, 7_410)]));
    await club.owes(customerId, { pending: 1_750 });
    await club.close('2026-02-18');
    expect(await club.points(customerId)).toMatchObject({ available: 1_180, pending: 570 });
    expect(await told('PointsUnlocked')).toHaveLength(2);
  });

  const packs = line(12, 3_800, 0, 5_928);
  let third: string;
  it('38: wait, line by line', async () => {
    await club.close('2026-03-15');
    third = await club.place(customerId, [line(1, 42_000, 0, 5_460), packs]);
    await club.fulfil(third);
    await club.owes(customerId, { available: 1_180, pending: 1_446 });
  });

  it('49: come at once where they settle a complaint', async () => {
    await club.close('2026-03-19');
    const complaint = {
      ...{ customerId, topic: 'PRODUCT', severity: 'MEDIUM', channel: 'PHONE', text: 'broken' },
    };
    const { id } = await club.done('/api/complaints', complaint);
    const about = `/api/complaints/${id}`;
    await club.done(`${about}/acknowledge`);
    await club.done(`${about}/offer-remedy`, { kind: 'POINTS', points: 300 });
    await club.done(`${about}/accept-remedy`);
    await club.owes(customerId, { available: 1_480, pending: 1_446 });
    expect((await told('PointsAccrued')).at(-1)).toMatchObject({
      ...{ points: 300, sourceType: 'COMPLAINT_REMEDY', sourceId: id },
    });
  });

  it('52: come free again', async () => {
    await club.close('2026-03-20');
    expect(await club.points(customerId)).toMatchObject({ available: 2_050, pending: 876 });
  });

  it('57: go with what is returned', async () => {
    await club.close('2026-03-26');
    const pieces = [{ lineId: packs.lineId, qty: 5 }];
    const request = { orderId: third, lines: pieces, reasonCode: 'DEFECT' };
    const { id } = await club.done('/api/returns', request);
    const about = `/api/returns/${id}`;
    await until(
      'the pieces are set aside',
      async () => (await club.refused(`${about}/approve`)) === '200 undefined',
    );
    await club.done(`${about}/receive`, { lines: pieces, condition: 'UNOPENED' });
    await club.done(`${about}/issue-refund`, { amount: { minor: 21_470, currency: 'CNY' }, lines: pieces });
    await club.owes(customerId, { pending: 686 });
    expect(await told('PointsReversed')).toMatchObject([
      { points: 190, shortfall: 0, qty: 5, cause: 'RETURN', causeId: id },
    ]);
    expect(await club.points(customerId)).toMatchObject({ tierId: 'SILVER' });
  });

  it('60, 68, 70: end at 2,736 points, 800 waiting, silver', async () => {
    await club.close('2026-04-15');
    expect(await club.points(customerId)).toMatchObject({ available: 2_736, pending: 0 });
    await club.close('2026-05-17');
    await club.fulfil(await club.place(customerId, [line(1, 42_000, 0, 5_460), line(10, 3_800, 0, 4_940)]));
    await club.owes(customerId, { pending: 800 });
    await club.close('2026-05-27');
    expect(await club.points(customerId)).toEqual({
      available: 2_736,
      pending: 800,
      debt: 0,
      tierId: 'SILVER',
    });
  });
});

describe('a member', { timeout: 120_000 }, () => {
  it('spends points on a reward, and gets them back into the same lots', async () => {
    const [shipping] = template['rewards'] as Json[];
    const redemptionId = randomUUID();
    await club.done(`${path()}/redeem-points`, { redemptionId, rewardId: shipping?.['rewardId'] }, agent);
    expect(await club.points(customerId)).toMatchObject({ available: 2_436 });
    await club.done(`${path()}/reverse-redemption`, { redemptionId, reason: 'sold out' }, agent);
    expect(await club.points(customerId)).toMatchObject({ available: 2_736 });
  });

  it('is corrected by hand, by one person up to a limit', async () => {
    await club.done(`${path()}/adjust-points`, { points: 1_000, reason: 'forgotten order' }, agent);
    await club.done(`${path()}/adjust-points`, { points: -1_000, reason: 'not forgotten' }, agent);
    const more = { points: 1_001, reason: 'a present' };
    expect(await club.refused(`${path()}/adjust-points`, more)).toBe('422 FOUR_EYES_REQUIRED');
    const back = { transferId: randomUUID(), reason: 'give them back' };
    expect(await club.refused(`${path()}/adjust-points`, back)).toBe('422 PROCESS_ONLY');
  });

  it('gets points from a supervisor, and loses what was fraud', async () => {
    const sourceId = randomUUID();
    const accrual = { sourceType: 'SURVEY', sourceId, points: 50 };
    expect(await club.refused(`${path()}/accrue-points`, accrual, agent)).toBe('403 FORBIDDEN');
    await club.done(`${path()}/accrue-points`, accrual);
    await club.done(`${path()}/accrue-points`, accrual);
    expect(await club.points(customerId)).toMatchObject({ available: 2_786 });
    const lots = (await club.account(customerId))['state'].lots as Json[];
    const lotId = lots.find((lot) => lot['sourceId'] === sourceId)?.['lotId'] as string;
    await club.done(`${path()}/reverse-accrual`, { lotId, cause: 'FRAUD', causeId: randomUUID() });
    expect(await club.points(customerId)).toMatchObject({ available: 2_736 });
  });

  it('gives points to another member, who keeps the day on which they expire', async () => {
    const other = await club.register('Somebody else');
    await club.done('/api/loyalty-accounts', { customerId: other, programId: club.programId() });
    await club.done(`${path()}/transfer-points`, { toAccountId: club.accountOf(other), points: 500 }, agent);
    await club.owes(other, { available: 500 });
    expect((await club.account(other))['state'].lots).toMatchObject([
      { left: 180, expiresOn: '2027-12-31' },
      { left: 320, expiresOn: '2027-12-31' },
    ]);
    expect(await club.points(customerId)).toMatchObject({ available: 2_236 });
    const about = `/api/loyalty-accounts/${club.accountOf(other)}`;
    await club.done(`${about}/suspend-membership`, { reason: 'looked into' });
    const gift = { toAccountId: club.accountOf(other), points: 100 };
    expect(await club.refused(`${path()}/transfer-points`, gift)).toBe('422 TRANSFER_TARGET');
    await club.done(`${about}/reinstate-membership`);
    await club.done(`${about}/close-membership`, { reason: 'wants to leave' });
    expect(await club.account(other)).toMatchObject({ status: 'Closed', allowedCommands: [] });
  });

  it('is found in the lists', async () => {
    await settled(club.server);
    const ids = async (query: string): Promise<unknown> =>
      ((await get(club.server, `/api/loyalty-accounts?${query}`)).json['items'] as Json[]).map(
        ({ id }) => id,
      );
    const own = club.accountOf(customerId);
    expect(await ids(`programId=${club.programId()}&tierId=SILVER`)).toEqual([own]);
    expect(await ids(`customerId=${customerId}&status=Active`)).toEqual([own]);
    expect(await ids('tierId=GOLD')).toEqual([]);
  });

  it('has one account, with an id that follows from customer and programme', async () => {
    const body = { customerId, programId: club.programId() };
    expect(await club.refused('/api/loyalty-accounts', body)).toBe('409 ALREADY_EXISTS');
    const named = { ...body, accountId: randomUUID() };
    expect(await club.refused('/api/loyalty-accounts', named)).toBe('422 ACCOUNT_ID_FIXED');
    for (const timer of ['unlock-points', 'expire-points', 'receive-points', 'change-tier'])
      expect(await club.refused(`${path()}/${timer}`)).toBe('404 NOT_FOUND');
  });

  it('falls when a year has closed in which nothing was earned, and loses points on their last day', async () => {
    await club.close('2027-12-30');
    expect(await club.points(customerId)).toMatchObject({ available: 3_036, tierId: 'SILVER' });
    await club.close('2027-12-31');
    expect(await club.points(customerId)).toEqual({ available: 0, pending: 0, debt: 0, tierId: 'BRONZE' });
    expect(await club.close('2028-01-05')).toMatchObject({ fired: 0 });
  });

  it('finds rewards that were withdrawn and a programme that has ended', async () => {
    const about = `/api/loyalty-programs/${club.programId()}`;
    const [shipping] = template['rewards'] as Json[];
    await club.done(`${about}/retire-reward`, { rewardId: shipping?.['rewardId'] });
    await club.done(`${about}/end-program`, { endsOn: '2028-01-31' });
    const { json } = await get(club.server, about);
    expect(json).toMatchObject({ status: 'Ended', allowedCommands: [], state: { endsOn: '2028-01-31' } });
  });
});

describe('a retention case', { timeout: 120_000 }, () => {
  const cases = '/api/retention-cases';
  let atRisk: string;
  const open = (more: object = {}) => ({ customerId: atRisk, riskLevel: 'HIGH', ...more });

  it('was opened when the member stayed away, and closed when he was gone', async () => {
    const { json } = await get(club.server, `${cases}?customerId=${customerId}`);
    expect(json['items']).toMatchObject([{ status: 'Lost', riskLevel: 'HIGH' }]);
    const [{ id }] = json['items'] as [Json];
    const { state } = (await get(club.server, `${cases}/${id}`)).json;
    expect(state).toMatchObject({ lostReason: 'CHURNED', ownerId: null, queueId: expect.any(String) });
  });

  it('is opened under the id that comes next, worked on and closed', async () => {
    atRisk = await club.register('Zhang');
    expect(await club.refused(cases, open())).toBe('422 CASE_ID_FIXED');
    const next = async (): Promise<string> => {
      const answer = await post(club.server, cases, open());
      return answer.json['retentionCaseId'] as string;
    };
    const first = await next();
    await club.done(cases, open({ retentionCaseId: first }));
    expect(await club.refused(cases, open())).toBe('422 RETENTION_CASE_OPEN');
    const offer = (minor: number) => ({ kind: 'DISCOUNT', cost: { minor, currency: 'CNY' } });
    const about = `${cases}/${first}`;
    expect(await club.refused(`${about}/make-retention-offer`, offer(20_001), agent)).toBe('403 FORBIDDEN');
    await club.done(`${about}/make-retention-offer`, offer(20_000), agent);
    expect(await club.refused(`${about}/close-retention-saved`, { byEventId: randomUUID() })).toBe(
      '404 NOT_FOUND',
    );
    await club.done(`${about}/close-retention-lost`, { reasonCode: 'PRICE' }, agent);
    expect((await get(club.server, about)).json).toMatchObject({
      status: 'Lost',
      state: { lostReason: 'PRICE', offers: [{ kind: 'DISCOUNT' }], number: expect.stringMatching(/^RC-/) },
    });
    const second = await next();
    await club.done(cases, open({ retentionCaseId: second }));
    await club.done(`${cases}/${second}/close-retention-false-alarm`, {}, agent);
    expect(await club.refused(cases, open())).toBe('422 FALSE_ALARM_RECENT');
    await settled(club.server);
    const lost = await get(club.server, `${cases}?status=Lost&riskLevel=HIGH&customerId=${atRisk}`);
    expect((lost.json['items'] as Json[]).map(({ id }) => id)).toEqual([first]);
  });

  it('is saved by the order that follows', async () => {
    const other = await club.register('Wang');
    const asked = await post(club.server, cases, open({ customerId: other }));
    const id = asked.json['retentionCaseId'] as string;
    await club.done(cases, open({ customerId: other, retentionCaseId: id }));
    await club.close('2028-01-07');
    await club.place(other, [line(1, 42_000, 0, 0)]);
    await until('the case is closed', async () => {
      const { json } = await get(club.server, `${cases}/${id}`);
      return json['status'] === 'Saved';
    });
  });
});
