// Members for specifications: a programme in force, facts by short names, a history for every status.
import { readFileSync } from 'node:fs';
import { canonicalJson, evolve, startOfDate, uuid5, type EventOf, type Money } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import { idOf, SCENARIO_CONTEXT, SCENARIO_NOW, scenarios, type Command, type Given } from '@tenure/testing';
import { account, type AccountContext, type AccountParts } from '../src/account.ts';
import { earnedLotId } from '../src/account-id.ts';
import { noAccount, type AccountState, type AccountStatus } from '../src/account-state.ts';
import { LimitsPolicy, ProgrammePolicy } from '../src/policy.ts';
import { program, type ProgramParts, type ProgramState } from '../src/program.ts';

export const shipped = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../policies/${name}.v1.json`, import.meta.url), 'utf8'));
export const limits = LimitsPolicy.parse(shipped('limits'));
export const template = ProgrammePolicy.parse(shipped('programme'));

export const programId = idOf('club');
export const customerId = SCENARIO_CONTEXT.customerId;
/** One per customer and programme. */
export const accountId = uuid5(customerId, programId);
export const cny = (minor: number): Money => ({ minor, currency: 'CNY' });
export const at = (instant: string): number => Date.parse(instant);
export const sealed = (field: string): Sealable<string> => ({ $sealed: idOf('some event'), field });
export const DAY = 86_400_000;

export type ProgramFact = Given<ProgramParts>;
export const drafted = {
  type: 'ProgramDrafted',
  data: { programId, name: 'Tenure Club', pointsName: 'points', autoEnrol: true },
} as const satisfies ProgramFact;
export const ladder = {
  type: 'TierLadderPublished',
  data: {
    programId,
    version: 1,
    tiers: template.ladder.tiers.map(({ name, ...tier }) => ({ ...tier, name: name.en })),
    metric: 'POINTS',
    period: 'CALENDAR_YEAR',
  },
} as const satisfies ProgramFact;
export const rules = (version: number, effectiveFrom: number, more: object = {}) =>
  ({
    type: 'EarningRulesPublished',
    data: {
      programId,
      version,
      effectiveFrom,
      rules: template.earning.rules.map((rule) => ({
        ruleId: rule.ruleId,
        when: canonicalJson(rule.when),
        points: canonicalJson(rule.points),
        cap: rule.cap,
      })),
      lotPolicy: { ...template.earning.lotPolicy, ...more },
    },
  }) as const satisfies ProgramFact;
export const reward = (name: string, cost: number) =>
  ({
    type: 'RewardPublished',
    data: { programId, rewardId: idOf(name), name, kind: 'SERVICE', cost, value: null },
  }) as const satisfies ProgramFact;

/** The programme that these facts make up. */
export const programOf = (...facts: readonly ProgramFact[]): ProgramState =>
  evolve(
    program,
    program.initial,
    facts.map((fact) => ({ occurredAt: SCENARIO_NOW, ...fact })) as unknown as EventOf<
      ProgramParts['events']
    >[],
  );

/** The club of the template, in force since 2024. */
export const club = programOf(
  drafted,
  ladder,
  rules(1, at('2024-01-01T00:00:00Z')),
  reward('shipping', 300),
  reward('cashback', 1_000),
);

export const context: AccountContext & { readonly id: string } = {
  id: accountId,
  zone: 'UTC',
  limits: limits.account,
  program: club,
  other: null,
};
export const given = scenarios<AccountParts>(account, context);

export type AccountFact = Given<AccountParts>;
export type AccountCommand = Command<AccountParts>;

export const enrolled = {
  type: 'MemberEnrolled',
  data: { accountId, programId, programVersion: 1, tierId: 'BRONZE' },
} as const satisfies AccountFact;

type Earned = {
  readonly points: number;
  readonly order?: string;
  readonly on?: string;
  readonly qty?: number;
  readonly base?: number;
  readonly expiresOn?: string | null;
  /** Default: at once. */
  readonly availableAt?: number;
};

export const lotOf = (line: string, order = 'order'): string =>
  earnedLotId(accountId, {
    sourceType: 'ORDER',
    sourceId: idOf(order),
    sourceLineId: idOf(line),
    ruleId: 'base',
  });

/** A line of an order earned points; named by its line. */
export const accrued = (line: string, earned: Earned) => {
  const { points, order = 'order', on, qty = 1, base = points * 100, expiresOn = '2027-12-31' } = earned;
  const occurredAt = on === undefined ? SCENARIO_NOW : startOfDate(on, 'UTC');
  return {
    type: 'PointsAccrued',
    occurredAt,
    data: {
      accountId,
      lotId: lotOf(line, order),
      points,
      sourceType: 'ORDER',
      sourceId: idOf(order),
      sourceLineId: idOf(line),
      base: cny(base),
      qty,
      ruleId: 'base',
      ruleVersion: 1,
      availableAt: earned.availableAt ?? occurredAt,
      expiresOn,
    },
  } as const satisfies AccountFact;
};

export const redeemed = (name: string, points: number, ...lots: readonly (readonly [string, number])[]) =>
  ({
    type: 'PointsRedeemed',
    data: {
      accountId,
      redemptionId: idOf(name),
      rewardId: idOf('shipping'),
      points,
      allocations: lots.map(([line, taken]) => ({ lotId: lotOf(line), points: taken })),
    },
  }) as const satisfies AccountFact;

export const transferredOut = (name: string, points: number, line: string) =>
  ({
    type: 'PointsTransferredOut',
    data: {
      accountId,
      transferId: idOf(name),
      toAccountId: idOf('other account'),
      points,
      allocations: [{ lotId: lotOf(line), points }],
    },
  }) as const satisfies AccountFact;

export const suspended = {
  type: 'MembershipSuspended',
  data: { accountId, reason: sealed('reason') },
} as const satisfies AccountFact;
export const reinstated = {
  type: 'MembershipReinstated',
  data: { accountId },
} as const satisfies AccountFact;
export const closed = {
  type: 'MembershipClosed',
  data: { accountId, reason: sealed('reason'), forfeitedPoints: 0 },
} as const satisfies AccountFact;
export const tierChanged = (
  from: string,
  to: string,
  threshold: number,
  more: { readonly direction?: 'UP' | 'DOWN'; readonly on?: string } = {},
) =>
  ({
    type: 'TierChanged',
    ...(more.on !== undefined && { occurredAt: startOfDate(more.on, 'UTC') }),
    data: {
      accountId,
      fromTierId: from,
      toTierId: to,
      threshold,
      direction: more.direction ?? 'UP',
      qualifyingValue: String(threshold),
      period: '2026',
      ladderVersion: 1,
    },
  }) as const satisfies AccountFact;

/** A history that ends in each status, with 800 points to spend. */
export const histories: Readonly<Record<AccountStatus, readonly AccountFact[]>> = {
  '∅': [],
  Active: [enrolled, accrued('meters', { points: 800, qty: 2 })],
  Suspended: [enrolled, accrued('meters', { points: 800, qty: 2 }), suspended],
  Closed: [enrolled, accrued('meters', { points: 800, qty: 2 }), closed],
};

/** Another member of the same club, who sent this one a transfer. */
export const sender: AccountState = {
  ...noAccount,
  status: 'Active',
  programId,
  transfers: [
    {
      transferId: idOf('gift'),
      toAccountId: accountId,
      points: 200,
      allocations: [{ lotId: idOf('their lot'), points: 200 }],
      at: SCENARIO_NOW,
      returned: false,
    },
  ],
};

/** A command of each name that no rule but the state could refuse. */
export const commands: { readonly [C in AccountCommand['name']]: Extract<AccountCommand, { name: C }> } = {
  EnrolMember: { name: 'EnrolMember', data: { customerId, programId } },
  AccruePoints: {
    name: 'AccruePoints',
    data: {
      sourceType: 'ORDER',
      sourceId: idOf('next order'),
      sourceLineId: idOf('packs'),
      ruleId: 'base',
      base: cny(38_000),
      qty: 10,
    },
  },
  UnlockPoints: { name: 'UnlockPoints', data: {} },
  RedeemPoints: { name: 'RedeemPoints', data: { redemptionId: idOf('spent'), rewardId: idOf('shipping') } },
  ReverseRedemption: {
    name: 'ReverseRedemption',
    data: { redemptionId: idOf('spent'), reason: 'out of stock' },
  },
  ReverseAccrual: {
    name: 'ReverseAccrual',
    data: { lotId: lotOf('meters'), qty: 1, cause: 'RETURN', causeId: idOf('return') },
  },
  ExpirePoints: { name: 'ExpirePoints', data: {} },
  TransferPoints: {
    name: 'TransferPoints',
    data: { transferId: idOf('present'), toAccountId: idOf('other account'), points: 100 },
  },
  ReceivePoints: {
    name: 'ReceivePoints',
    data: {
      transferId: idOf('gift'),
      fromAccountId: idOf('their account'),
      lots: [{ lotId: idOf('their lot'), points: 200, expiresOn: '2026-12-31' }],
    },
  },
  AdjustPoints: { name: 'AdjustPoints', data: { points: 50, reason: 'a goodwill gesture' } },
  ChangeTier: { name: 'ChangeTier', data: {} },
  SuspendMembership: { name: 'SuspendMembership', data: { reason: 'fraud is looked into' } },
  ReinstateMembership: { name: 'ReinstateMembership', data: {} },
  CloseMembership: { name: 'CloseMembership', data: { reason: 'wants to leave' } },
};
