// Chains of reactions: what starts them, and how they are stopped before and after each of their commands.
import { uuid5 } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { expect } from 'vitest';
import { pointsOfAccount, type AccountState } from '../src/account-state.ts';
import { openClub, type Club, type Death, type Told } from './club.ts';
import { at, cny, template } from './members.ts';

export const START = at('2026-01-05T00:00:00Z');
export const FULFILLED = at('2026-01-19T00:00:00Z');
export const NOW = at('2026-06-01T00:00:00Z');
export const programId = idOf('the club');
export const accountOf = (customer: string): string => uuid5(idOf(customer), programId);

/** A live programme, and customers who are registered. */
export const opened = async (death: Death, autoEnrol = true): Promise<Club> => {
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

export const registered = (customer: string, kind = 'PERSON'): Told => ({
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

export const line = (name: string, qty: number, price: number, discount: number, tax: number) => ({
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
export const meters = line('meters', 2, 42_000, 4_000, 10_400);
export const packs = line('packs', 10, 3_800, 0, 4_940);

export const fulfilled = (customer = 'lin', order = 'A1'): Told => ({
  source: 'order',
  type: 'OrderFulfilled',
  customer,
  at: FULFILLED,
  data: { orderId: idOf(order), lines: [meters, packs], total: cny(133_340), onTime: true },
});
export const placed = (when: string): Told => ({
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
export const risk = (toLevel: string, when: string): Told => ({
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

export type Chain = (death: Death) => Promise<Club>;

/** Runs a chain undisturbed, then once for every way in which it can be stopped. Answers the undisturbed one. */
export const whateverHappens = async (chain: Chain): Promise<Club> => {
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

export const typesOf = async (club: Club): Promise<readonly string[]> =>
  (await club.facts())
    .map(({ type }) => type)
    .filter((type) => !/^(Program|Tier.*Published|Earning)/.test(type));
export const accountState = async (club: Club, customer = 'lin'): Promise<AccountState> =>
  (await club.state('loyaltyaccount', accountOf(customer))) as AccountState;
export const pointsIn = async (club: Club, customer = 'lin') =>
  pointsOfAccount(await accountState(club, customer));

export const told =
  (...events: readonly Told[]): Chain =>
  async (death) => {
    const club = await opened(death);
    for (const event of events) await club.tell(event);
    await club.settle(NOW);
    return club;
  };

/** The second is heard of when all that follows from the first is done. */
export const oneByOne =
  (...events: readonly Told[]): Chain =>
  async (death) => {
    const club = await opened(death);
    for (const event of events) {
      await club.tell(event);
      await club.settle(NOW);
    }
    return club;
  };
