// Every process of loyalty: as it should go, and stopped before and after each of its commands. However it is stopped, it
// ends as it would have; and whatever comes again changes nothing.
import { uuid5 } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { openClub, type Club, type Death, type Told } from './club.ts';
import { at, cny, template } from './members.ts';
import type { AccountState } from '../src/account-state.ts';
import { pointsOfAccount } from '../src/account-state.ts';
import { retentionCaseIdOf } from '../src/retention-case.ts';

const START = at('2026-01-05T00:00:00Z');
const FULFILLED = at('2026-01-19T00:00:00Z');
const NOW = at('2026-06-01T00:00:00Z');
const programId = idOf('the club');
const accountOf = (customer: string): string => uuid5(idOf(customer), programId);

/** A live programme, and customers who are registered. */
const opened = async (death: Death, autoEnrol = true): Promise<Club> => {
  const club = await openClub(death);
  const about = (command: string, body: object, id?: string) =>
    club.send('loyaltyprogram', id, command, body, START);
  const { ladder, earning } = template;
  await about('DraftProgram', { programId, name: 'Tenure Club', pointsName: 'points', autoEnrol });
  const tiers = ladder.tiers.map((tier) => ({ ...tier, name: tier.name.en }));
  await about('PublishTierLadder', { ...ladder, tiers }, programId);
  await about('PublishEarningRules', earning, programId);
  for (const customer of ['lin', 'wang']) await club.tell(registered(customer));
  return club;
};

const registered = (customer: string, kind = 'PERSON'): Told => ({
  source: 'customer',
  type: 'CustomerRegistered',
  customer,
  at: START,
  data: {
    kind,
    displayName: customer,
    source: 'MANUAL',
    originLeadId: null,
    locale: 'zh-CN',
    timeZone: 'UTC',
    homeCurrency: 'CNY',
    ownerId: idOf('agent'),
  },
});

const line = (name: string, qty: number, price: number, discount: number, tax: number) => ({
  lineId: idOf(name),
  productId: idOf(`product of ${name}`),
  category: null,
  attributes: null,
  qty,
  unitPrice: cny(price),
  discount: cny(discount),
  tax: cny(tax),
  total: cny(qty * price - discount + tax),
});
const meters = line('meters', 2, 42_000, 4_000, 10_400);
const packs = line('packs', 10, 3_800, 0, 4_940);

const fulfilled = (customer = 'lin', order = 'A1'): Told => ({
  source: 'order',
  type: 'OrderFulfilled',
  customer,
  at: FULFILLED,
  data: { orderId: idOf(order), lines: [meters, packs], total: cny(133_340), onTime: true },
});
const placed = (when: string): Told => ({
  source: 'order',
  type: 'OrderPlaced',
  customer: 'lin',
  at: at(when),
  data: {
    orderId: idOf(`order of ${when}`),
    opportunityId: null,
    quoteId: null,
    channel: 'PHONE',
    externalRef: null,
    lines: [packs],
    total: packs.total,
    promisedOn: null,
  },
});
const risk = (toLevel: string, when: string): Told => ({
  source: 'churn',
  type: 'ChurnRiskChanged',
  customer: 'lin',
  at: at(when),
  data: {
    fromLevel: 'MEDIUM',
    toLevel,
    score: 61,
    topSignalIds: [idOf('gap')],
    modelVersion: 'churn@1',
    evaluatedAt: at(when),
  },
});

type Chain = (death: Death) => Promise<Club>;

/** Runs a chain undisturbed, then once for every way in which it can be stopped. Answers the undisturbed one. */
const whateverHappens = async (chain: Chain): Promise<Club> => {
  const undisturbed = await chain({ at: 0, when: 'before' });
  const facts = await undisturbed.facts();
  const commands = undisturbed.commandsSent();
  expect(commands).toBeGreaterThan(0);
  for (let i = 1; i <= commands; i++)
    for (const when of ['before', 'after'] as const) {
      const disturbed = await chain({ at: i, when });
      expect(await disturbed.facts(), `died ${when} command ${i}`).toEqual(facts);
    }
  return undisturbed;
};

const typesOf = async (club: Club): Promise<readonly string[]> =>
  (await club.facts())
    .map(({ type }) => type)
    .filter((type) => !/^(Program|Tier.*Published|Earning)/.test(type));
const accountState = async (club: Club, customer = 'lin'): Promise<AccountState> =>
  (await club.state('loyaltyaccount', accountOf(customer))) as AccountState;
const pointsIn = async (club: Club, customer = 'lin') => pointsOfAccount(await accountState(club, customer));

const told =
  (...events: readonly Told[]): Chain =>
  async (death) => {
    const club = await opened(death);
    for (const event of events) await club.tell(event);
    await club.settle(NOW);
    return club;
  };

/** The second is heard of when all that follows from the first is done. */
const oneByOne =
  (...events: readonly Told[]): Chain =>
  async (death) => {
    const club = await opened(death);
    for (const event of events) {
      await club.tell(event);
      await club.settle(NOW);
    }
    return club;
  };

describe('OrderToLoyalty and TierEvaluation', () => {
  it('make a member, earn points line by line and raise the tier', async () => {
    const club = await whateverHappens(told(fulfilled()));
    expect(await typesOf(club)).toEqual(['MemberEnrolled', 'PointsAccrued', 'PointsAccrued', 'TierChanged']);
    expect(
      (await club.facts()).filter(({ type }) => type === 'PointsAccrued').map(({ data }) => data),
    ).toMatchObject([
      {
        points: 800,
        base: cny(80_000),
        qty: 2,
        availableAt: at('2026-02-19T00:00:00Z'),
        expiresOn: '2027-12-31',
      },
      { points: 380, base: cny(38_000), qty: 10 },
    ]);
    expect((await club.facts()).at(-1)?.data).toMatchObject({
      toTierId: 'SILVER',
      qualifyingValue: '1180',
      period: '2026',
    });
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 1_180 });
  });

  it('earn for a member who is there already, and date it like its cause', async () => {
    const club = await whateverHappens(told(fulfilled(), fulfilled('lin', 'A2')));
    expect((await typesOf(club)).filter((type) => type === 'MemberEnrolled')).toHaveLength(1);
    expect(new Set((await club.events()).slice(3).map(({ occurredAt }) => occurredAt))).toEqual(
      new Set([FULFILLED]),
    );
  });

  it('enrol nobody of the house, and nobody when the programme does not say so', async () => {
    const own = async (death: Death): Promise<Club> => {
      const club = await opened(death);
      await club.tell(registered('own shop', 'INTERNAL'));
      await club.tell(fulfilled('own shop'));
      await club.settle(NOW);
      return club;
    };
    expect(await typesOf(await own({ at: 0, when: 'before' }))).toEqual([]);
    const asked = await opened({ at: 0, when: 'before' }, false);
    await asked.tell(fulfilled());
    await asked.settle(NOW);
    expect(await typesOf(asked)).toEqual([]);
  });

  it('enrol who is known by his id only', async () => {
    expect(await typesOf(await told(fulfilled('a stranger'))({ at: 0, when: 'before' }))).toContain(
      'MemberEnrolled',
    );
  });

  it('earn nothing while the membership rests', async () => {
    const club = await opened({ at: 0, when: 'before' });
    await club.send(
      'loyaltyaccount',
      undefined,
      'EnrolMember',
      { customerId: idOf('lin'), programId },
      START,
    );
    await club.send(
      'loyaltyaccount',
      accountOf('lin'),
      'SuspendMembership',
      { reason: 'looked into' },
      START + 1,
    );
    await club.tell(fulfilled());
    await club.settle(NOW);
    await club.send('loyaltyaccount', accountOf('lin'), 'ReinstateMembership', {}, NOW);
    await club.settle(NOW);
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 0 });
    expect(club.refused).toContain('ILLEGAL_STATE');
  });
});

describe('ReturnToLoyalty', () => {
  const refund = (name: string, qty: number): Told => ({
    source: 'order',
    type: 'RefundIssued',
    customer: 'lin',
    at: FULFILLED + 1,
    data: {
      returnId: idOf(name),
      orderId: idOf('A1'),
      amount: cny(1),
      lines: [{ lineId: packs.lineId, qty }],
    },
  });

  it('takes back what the returned pieces had earned, and the tier that rose with them', async () => {
    const club = await whateverHappens(told(fulfilled(), refund('R1', 5), refund('R2', 5)));
    const reversals = (await club.facts())
      .filter(({ type }) => type === 'PointsReversed')
      .map(({ data }) => data);
    expect(reversals).toMatchObject([
      { points: 190, shortfall: 0, qty: 5, cause: 'RETURN', causeId: idOf('R1') },
      { points: 190, shortfall: 0, qty: 5, causeId: idOf('R2') },
    ]);
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 800 });
    expect((await accountState(club)).tier.tierId).toBe('BRONZE');
  });

  it('takes back everything when an order is cancelled after all', async () => {
    const cancelled: Told = {
      source: 'order',
      type: 'OrderCancelled',
      customer: 'lin',
      at: FULFILLED + 1,
      data: { orderId: idOf('A1'), opportunityId: null, reasonCode: 'FRAUD', by: 'COMPANY' },
    };
    const club = await whateverHappens(told(fulfilled(), cancelled));
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 0 });
    expect((await accountState(club)).tier.tierId).toBe('BRONZE');
  });
});

describe('PointsTransfer', () => {
  const transfer =
    (between: (club: Club) => Promise<unknown>): Chain =>
    async (death) => {
      const club = await opened(death);
      const to = (customer: string, command: string, body: object) =>
        club.send('loyaltyaccount', accountOf(customer), command, body, NOW);
      for (const customer of ['lin', 'wang'])
        await club.send(
          'loyaltyaccount',
          undefined,
          'EnrolMember',
          { customerId: idOf(customer), programId },
          START,
        );
      await to('lin', 'AdjustPoints', {
        points: 900,
        reason: 'moved from the old programme',
        lotId: idOf('old lot'),
      });
      await to('lin', 'TransferPoints', {
        transferId: idOf('gift'),
        toAccountId: accountOf('wang'),
        points: 400,
      });
      await between(club);
      await club.settle(NOW);
      return club;
    };

  it('delivers the points with the day on which they expire', async () => {
    const club = await whateverHappens(transfer(async () => undefined));
    expect(await pointsIn(club)).toEqual({ available: 500, pending: 0 });
    expect(await pointsIn(club, 'wang')).toEqual({ available: 400, pending: 0 });
    expect((await accountState(club, 'wang')).lots).toMatchObject([{ left: 400, expiresOn: '2027-12-31' }]);
  });

  it.each(['SuspendMembership', 'CloseMembership'])(
    'brings them back into the same lots after %s of the other',
    async (command) => {
      const club = await whateverHappens(
        transfer((running) =>
          running.send('loyaltyaccount', accountOf('wang'), command, { reason: 'because' }, NOW),
        ),
      );
      expect(await pointsIn(club)).toEqual({ available: 900, pending: 0 });
      expect(await pointsIn(club, 'wang')).toEqual({ available: 0, pending: 0 });
      expect((await accountState(club)).lots).toMatchObject([{ lotId: idOf('old lot'), left: 900 }]);
      expect((await typesOf(club)).at(-1)).toBe('PointsAdjusted');
    },
  );

  it('gives nothing a second time when the other comes back after the points went back', async () => {
    const club = await transfer((running) =>
      running.send('loyaltyaccount', accountOf('wang'), 'SuspendMembership', { reason: 'because' }, NOW),
    )({ at: 0, when: 'before' });
    await club.send('loyaltyaccount', accountOf('wang'), 'ReinstateMembership', {}, NOW);
    await club.settle(NOW);
    expect([await pointsIn(club), await pointsIn(club, 'wang')]).toMatchObject([
      { available: 900 },
      { available: 0 },
    ]);
    expect(club.refused).toContain('TRANSFER_RETURNED');
  });
});

describe('RemedyFulfilment', () => {
  const accepted = (kind: string, points: number | null): Told => ({
    source: 'service',
    type: 'RemedyAccepted',
    customer: 'lin',
    at: at('2026-03-20T00:00:00Z'),
    data: { complaintId: idOf('Q'), kind, value: null, points },
  });

  it('gives the points at once, to somebody who was no member too', async () => {
    const club = await whateverHappens(told(accepted('POINTS', 300)));
    expect(await typesOf(club)).toEqual(['MemberEnrolled', 'PointsAccrued']);
    expect(await pointsIn(club)).toEqual({ available: 300, pending: 0 });
    const member = await whateverHappens(told(fulfilled(), accepted('POINTS', 300)));
    expect(await pointsIn(member)).toEqual({ available: 300, pending: 1_180 });
  });

  it('leaves other remedies to others', async () => {
    expect(await typesOf(await told(accepted('DISCOUNT', null))({ at: 0, when: 'before' }))).toEqual([]);
  });
});

describe('RetentionDesk', () => {
  const first = retentionCaseIdOf(idOf('lin'), 0);
  const stateOf = async (club: Club, id = first) => (await club.state('retentioncase', id)) as object;
  const none: Death = { at: 0, when: 'before' };

  it('opens a case at a high risk for the owner of the customer, and closes it with the order that saves him', async () => {
    const order = placed('2026-05-15T00:00:00Z');
    const club = await whateverHappens(told(risk('HIGH', '2026-05-13T00:00:00Z'), order));
    expect(await typesOf(club)).toEqual(['RetentionCaseOpened', 'CustomerSaved']);
    const [openedCase, saved] = (await club.facts()).slice(-2);
    expect(openedCase?.data).toMatchObject({
      riskLevel: 'HIGH',
      signalIds: [idOf('gap')],
      ownerId: idOf('agent'),
    });
    expect(saved).toMatchObject({ occurredAt: order.at, data: { retentionCaseId: first } });
    expect(await stateOf(club)).toMatchObject({ status: 'Saved' });
  });

  it('opens none at a lower risk, none twice, and none for whom nobody registered', async () => {
    expect(await typesOf(await told(risk('MEDIUM', '2026-05-13T00:00:00Z'))(none))).toEqual([]);
    const twice = told(risk('HIGH', '2026-05-13T00:00:00Z'), risk('CRITICAL', '2026-05-20T00:00:00Z'));
    expect(await typesOf(await whateverHappens(twice))).toEqual(['RetentionCaseOpened']);
    const stranger = { ...risk('HIGH', '2026-05-13T00:00:00Z'), customer: 'a stranger' };
    const club = await told(stranger)(none);
    expect([await typesOf(club), club.refused.includes('NOT_REGISTERED')]).toEqual([[], true]);
  });

  it('opens the next case after the first was closed', async () => {
    const again = told(
      risk('HIGH', '2026-05-13T00:00:00Z'),
      placed('2026-05-15T00:00:00Z'),
      risk('HIGH', '2026-05-20T00:00:00Z'),
    );
    const club = await whateverHappens(again);
    expect((await typesOf(club)).filter((type) => type === 'RetentionCaseOpened')).toHaveLength(2);
    expect(await stateOf(club, retentionCaseIdOf(idOf('lin'), 1))).toMatchObject({ status: 'Opened' });
  });

  it('takes an order before the opening for no rescue, and one that was heard of too early for one', async () => {
    const before = told(placed('2026-05-12T00:00:00Z'), risk('HIGH', '2026-05-13T00:00:00Z'));
    expect(await stateOf(await whateverHappens(before))).toMatchObject({ status: 'Opened' });
    const early = told(placed('2026-05-15T00:00:00Z'), risk('HIGH', '2026-05-13T00:00:00Z'));
    expect(await stateOf(await whateverHappens(early))).toMatchObject({ status: 'Saved' });
  });

  it('closes the case of whom the assessment calls churned, and opens none for him', async () => {
    const churned: Told = {
      source: 'churn',
      type: 'CustomerChurned',
      customer: 'lin',
      at: at('2026-05-20T00:00:00Z'),
      data: { mode: 'NON_CONTRACTUAL', churnedOn: '2026-05-19', definitionVersion: 1, evidence: [] },
    };
    const lost = await whateverHappens(oneByOne(risk('HIGH', '2026-05-13T00:00:00Z'), churned));
    expect(await stateOf(lost)).toMatchObject({ status: 'Lost', lostReason: 'CHURNED' });
    const late = await told(churned, risk('CRITICAL', '2026-05-21T00:00:00Z'))(none);
    expect([await typesOf(late), late.refused]).toEqual([[], expect.arrayContaining(['CUSTOMER_LOST'])]);
  });
});
