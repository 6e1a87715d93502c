// Whatever is sent in whatever order: points add up, nothing is spent twice, and the tier is the one that was earned.
import { allowedCommands, dateAt, isTenureError } from '@tenure/core';
import { idOf, SCENARIO_NOW } from '@tenure/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  club,
  cny,
  customerId,
  DAY,
  given,
  lotOf,
  programId,
  sender,
  type AccountCommand,
  type AccountFact,
} from '../test/members.ts';
import { count } from '../test/oracle.ts';
import { account } from './account.ts';
import { pointsOfAccount, type AccountState } from './account-state.ts';

type Happened = AccountFact & { readonly occurredAt: number };
type Step = { readonly command: AccountCommand; readonly days: number };

const lines = fc.constantFrom('a', 'b');
const orders = fc.constantFrom('first', 'second', 'third');
const because = { reason: 'because' };
const pieces = fc.integer({ min: 1, max: 4 });

const command: fc.Arbitrary<AccountCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(lines, orders, fc.integer({ min: 0, max: 700_000 }), pieces)
      .map(([line, order, base, qty]): AccountCommand => ({
        name: 'AccruePoints',
        data: {
          sourceType: 'ORDER',
          sourceId: idOf(order),
          sourceLineId: idOf(line),
          ruleId: 'base',
          base: cny(base),
          qty,
        },
      })),
  },
  fc.tuple(lines, fc.integer({ min: 1, max: 2_000 })).map(([name, points]): AccountCommand => ({
    name: 'AccruePoints',
    data: { sourceType: 'COMPLAINT_REMEDY', sourceId: idOf(name), ruleId: 'remedy', points },
  })),
  fc.constantFrom('one', 'two', 'three').map((name): AccountCommand => ({
    name: 'RedeemPoints',
    data: { redemptionId: idOf(name), rewardId: idOf('shipping') },
  })),
  fc.constantFrom('one', 'two', 'three').map((name): AccountCommand => ({
    name: 'ReverseRedemption',
    data: { redemptionId: idOf(name), ...because },
  })),
  {
    weight: 4,
    arbitrary: fc
      .tuple(lines, orders, fc.option(pieces, { nil: undefined }), fc.constantFrom('r', 's', 't'))
      .map(([line, order, qty, cause]): AccountCommand => ({
        name: 'ReverseAccrual',
        data: { lotId: lotOf(line, order), qty, cause: 'RETURN', causeId: idOf(cause) },
      })),
  },
  fc
    .tuple(fc.integer({ min: 50, max: 5_001 }), fc.constantFrom('x', 'y'))
    .map(([points, name]): AccountCommand => ({
      name: 'TransferPoints',
      data: { transferId: idOf(name), toAccountId: idOf('other account'), points },
    })),
  fc.constantFrom('x', 'y').map((name): AccountCommand => ({
    name: 'AdjustPoints',
    data: { transferId: idOf(name), ...because },
  })),
  fc
    .integer({ min: -1_001, max: 1_001 })
    .filter((points) => points !== 0)
    .map((points): AccountCommand => ({
      name: 'AdjustPoints',
      data: { points, ...because, lotId: idOf(`lot of ${points}`) },
    })),
  fc.constantFrom<AccountCommand>(
    { name: 'UnlockPoints', data: {} },
    { name: 'ExpirePoints', data: {} },
    { name: 'ChangeTier', data: {} },
    {
      name: 'ReceivePoints',
      data: {
        transferId: idOf('gift'),
        fromAccountId: idOf('their account'),
        lots: [{ lotId: idOf('their lot'), points: 200, expiresOn: '2026-12-31' }],
      },
    },
    { name: 'SuspendMembership', data: because },
    { name: 'ReinstateMembership', data: {} },
    { name: 'ReinstateMembership', data: {} },
    { name: 'ReinstateMembership', data: {} },
    { name: 'CloseMembership', data: because },
  ),
);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    command,
    days: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: fc.constant(31) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }) },
    ),
  }),
  { minLength: 10, maxLength: 60, size: 'max' },
);

/** What one command says, or why it is refused. Anything that is no refusal is a bug and goes through. */
const send = (
  history: readonly Happened[],
  one: AccountCommand,
  now: number,
): readonly Happened[] | string => {
  const isBack = one.name === 'AdjustPoints' && 'transferId' in one.data;
  const about = {
    now,
    today: dateAt(now, 'UTC'),
    other: one.name === 'ReceivePoints' ? sender : { ...sender, transfers: [] },
    ...(isBack && { actor: { kind: 'process', id: 'PointsTransfer' } as const }),
    commandId: idOf(`command ${history.length}`),
  };
  try {
    const facts = given(...history)
      .when(one, about)
      .facts();
    // Deciders of accounts leave nothing out: a reader meets what they wrote.
    return facts.map((fact) => ({ ...fact, occurredAt: now }) as Happened);
  } catch (error) {
    if (isTenureError(error)) return error.code;
    throw error;
  }
};

const checkPoints = (state: AccountState, events: readonly Happened[]): void => {
  const counted = count(events);
  const { available, pending } = pointsOfAccount(state);
  expect(available).toBeGreaterThanOrEqual(0);
  expect(pending).toBeGreaterThanOrEqual(0);
  expect(state.debt).toBeGreaterThanOrEqual(0);
  expect(state.debt).toBe(counted.debt);
  expect(available + pending - state.debt).toBe(counted.balance);
  for (const { lotId, left, points, reversed } of state.lots) {
    expect(left).toBe(counted.left(lotId));
    expect(left).toBeGreaterThanOrEqual(0);
    expect(reversed).toBeLessThanOrEqual(points);
  }
};

/** What was spent came from the lots that expire first. */
const checkOrder = (before: AccountState, { data, occurredAt }: Happened): void => {
  if (!('allocations' in data) || data.allocations.length === 0) return;
  const expiry = (lotId: string): string =>
    before.lots.find((lot) => lot.lotId === lotId)?.expiresOn ?? '9999';
  const latest =
    data.allocations
      .map(({ lotId }) => expiry(lotId))
      .toSorted()
      .at(-1) ?? '';
  const today = dateAt(occurredAt, 'UTC');
  for (const lot of before.lots) {
    const [first, isOver] = [expiry(lot.lotId) < latest, expiry(lot.lotId) < today];
    if (lot.left === 0 || lot.locked || !first || isOver) continue;
    const taken = data.allocations.find(({ lotId }) => lotId === lot.lotId)?.points ?? 0;
    expect(taken, 'a lot that expires earlier was left alone').toBe(lot.left);
  }
};

const TIERS = club.ladders[0]?.tiers ?? [];
const tierOf = (value: number): string =>
  TIERS.findLast(({ threshold }) => threshold <= value)?.tierId ?? TIERS[0]?.tierId ?? '';

/** Never below what is earned; above it only until the year closes. */
const checkTier = (state: AccountState, events: readonly Happened[], year: number): void => {
  const { value } = count(events);
  const earned = tierOf(Math.max(value(year), value(year - 1)));
  const rank = (tierId: string): number => TIERS.findIndex((tier) => tier.tierId === tierId);
  expect(rank(state.tier.tierId)).toBeGreaterThanOrEqual(rank(earned));
};

/** What timers send by themselves when time has passed. */
const TIMERS = [
  { name: 'UnlockPoints', data: {} },
  { name: 'ExpirePoints', data: {} },
] as const satisfies readonly AccountCommand[];

const REPEATED: ReadonlySet<string> = new Set([
  'AccruePoints',
  'UnlockPoints',
  'ReverseAccrual',
  'ReverseRedemption',
  'ExpirePoints',
  'ReceivePoints',
  'ChangeTier',
]);

/** Sends all of it, timers in between, and shows each answer with what was there before and is there after. */
const run = (
  all: readonly Step[],
  show: (step: {
    readonly one: AccountCommand;
    readonly answer: readonly Happened[] | string;
    readonly before: AccountState;
    readonly history: readonly Happened[];
    readonly now: number;
  }) => void,
): void => {
  let now = SCENARIO_NOW;
  const history: Happened[] = [];
  const submit = (one: AccountCommand): void => {
    const before = given(...history).state();
    const answer = send(history, one, now);
    if (typeof answer !== 'string') history.push(...answer);
    show({ one, answer, before, history, now });
  };
  submit({ name: 'EnrolMember', data: { customerId, programId } });
  for (const { command: one, days } of all) {
    now += days * DAY;
    if (days > 0) TIMERS.forEach(submit);
    submit(one);
  }
};

/** Rounds of a hundred histories until each event has happened in one of them. */
const MORE = 20;

describe('any commands in any order', { timeout: 60_000 }, () => {
  it('never make or lose points', () => {
    const seen = new Set<string>();
    const play = (): void =>
      fc.assert(
        fc.property(steps, (all) => {
          run(all, ({ one, answer, before, history, now }) => {
            const isLegal = allowedCommands(account, before).includes(one.name);
            expect(answer === 'ILLEGAL_STATE').toBe(!isLegal);
            if (typeof answer === 'string') return;
            for (const event of answer) {
              seen.add(event.type);
              if (event.type === 'PointsRedeemed' || event.type === 'PointsTransferredOut')
                checkOrder(before, event);
              if (event.type === 'PointsReversed' && event.data.shortfall > 0) seen.add('debt');
            }
            const after = given(...history).state();
            checkPoints(after, history);
            if (one.name === 'ChangeTier') checkTier(after, history, Number(dateAt(now, 'UTC').slice(0, 4)));
          });
        }),
        { numRuns: 100 },
      );
    play();
    // A property over histories that never get anywhere would say nothing.
    const all = [...Object.keys(account.evolve), 'debt'].toSorted();
    for (let more = 0; more < MORE && seen.size < all.length; more++) play();
    expect([...seen].toSorted()).toEqual(all);
  });

  it('say nothing a second time, where processes and timers send them', () => {
    fc.assert(
      fc.property(steps, (all) => {
        run(all, ({ one, answer, history, now }) => {
          if (typeof answer === 'string' || !REPEATED.has(one.name)) return;
          const again = send(history, one, now);
          expect(typeof again === 'string' ? [] : again).toEqual([]);
        });
      }),
      { numRuns: 80 },
    );
  });
});
