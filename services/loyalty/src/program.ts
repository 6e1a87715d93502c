// The loyalty programme: what earns points, what tiers there are, what points are spent on. Versions stay for ever.
import {
  aggregate,
  canonicalJson,
  dateAt,
  NOTHING,
  ruleViolated,
  uuid5,
  type Aggregate,
  type Money,
} from '@tenure/core';
import type {
  EarningRule,
  LoyaltyEvents,
  LoyaltyFacts,
  LotPolicy,
  NewLotPolicy,
  RewardKind,
  Tier,
  TierMetric,
} from '@tenure/events/generated/loyalty';
import { checkEarningRule } from './earning.ts';

export type ProgramStatus = typeof NOTHING | 'Draft' | 'Live' | 'Ended';

export type EarningVersion = {
  readonly version: number;
  /** ms */
  readonly effectiveFrom: number;
  readonly rules: readonly EarningRule[];
  readonly lotPolicy: LotPolicy;
};

export type Ladder = {
  readonly version: number;
  /** Lowest first. */
  readonly tiers: readonly Tier[];
  readonly metric: TierMetric | 'UNKNOWN';
  readonly period: string;
};

export type Reward = {
  readonly rewardId: string;
  readonly name: string;
  readonly kind: RewardKind | 'UNKNOWN';
  readonly cost: number;
  readonly value: Money | null;
  readonly retired: boolean;
};

export type ProgramState = {
  readonly status: ProgramStatus;
  readonly name: string;
  readonly pointsName: string;
  readonly autoEnrol: boolean;
  readonly earning: readonly EarningVersion[];
  readonly ladders: readonly Ladder[];
  readonly rewards: readonly Reward[];
  /** Last day of an ended programme. */
  readonly endsOn: string | null;
};

export type ProgramContext = {
  readonly limits: {
    readonly rulesPerVersion: number;
    readonly versions: number;
    readonly tiers: number;
    readonly rewards: number;
  };
};

type RuleTree = {
  readonly ruleId: string;
  readonly when: object;
  readonly points: object;
  readonly cap: number;
};

export type ProgramCommands = {
  readonly DraftProgram: {
    readonly name: string;
    readonly pointsName: string;
    readonly autoEnrol: boolean;
  };
  readonly PublishEarningRules: {
    /** ms; default: now */
    readonly effectiveFrom?: number | undefined;
    readonly rules: readonly RuleTree[];
    readonly lotPolicy: NewLotPolicy;
  };
  readonly PublishTierLadder: {
    readonly tiers: readonly Tier[];
    readonly metric: TierMetric;
    readonly period: string;
  };
  readonly PublishReward: {
    readonly rewardId?: string | undefined;
    readonly name: string;
    readonly kind: RewardKind;
    readonly cost: number;
    readonly value?: Money | undefined;
  };
  readonly RetireReward: { readonly rewardId: string };
  readonly EndProgram: { readonly endsOn: string };
};

export type ProgramParts = {
  readonly state: ProgramState;
  readonly events: Pick<LoyaltyEvents, ProgramEvent>;
  readonly facts: Pick<LoyaltyFacts, ProgramEvent>;
  readonly commands: ProgramCommands;
  readonly context: ProgramContext;
};

type ProgramEvent =
  | 'ProgramDrafted'
  | 'EarningRulesPublished'
  | 'TierLadderPublished'
  | 'RewardPublished'
  | 'RewardRetired'
  | 'ProgramEnded';

/** What counts for tiers in this version of the service. */
const METRIC: TierMetric = 'POINTS';
const PERIOD = 'CALENDAR_YEAR';

export const noProgram: ProgramState = {
  status: NOTHING,
  name: '',
  pointsName: '',
  autoEnrol: false,
  earning: [],
  ladders: [],
  rewards: [],
  endsOn: null,
};

/** The rules in force at an instant: the newest version that applies by then. */
export const earningAt = ({ earning }: ProgramState, now: number): EarningVersion | null =>
  earning.findLast(({ effectiveFrom }) => effectiveFrom <= now) ?? null;

/** True while points are earned: until the last day of the programme. */
export const isLive = ({ status, endsOn }: ProgramState, now: number, zone: string): boolean =>
  status === 'Live' || (status === 'Ended' && endsOn !== null && dateAt(now, zone) <= endsOn);

/** @throws LIMIT_EXCEEDED */
const checkLimit = (name: string, value: number, limit: number): void => {
  if (value > limit)
    throw ruleViolated('LIMIT_EXCEEDED', `A programme has at most ${limit} of these.`, {
      limit: name,
      value: limit,
    });
};

const checkTiers = (tiers: readonly Tier[]): void => {
  const [lowest] = tiers;
  const rises = tiers.every(({ threshold }, i) => threshold > (tiers[i - 1]?.threshold ?? -1));
  if (lowest?.threshold !== 0 || !rises || new Set(tiers.map(({ tierId }) => tierId)).size < tiers.length)
    throw ruleViolated(
      'TIERS_INVALID',
      'The first tier starts at 0, each further one higher than the one before, each with an id of its own.',
    );
};

/** States, rules and events of the programme. */
export const program: Aggregate<ProgramParts> = aggregate<ProgramParts>({
  name: 'loyaltyprogram',
  initial: noProgram,
  transitions: {
    DraftProgram: [NOTHING],
    PublishEarningRules: ['Draft', 'Live'],
    PublishTierLadder: ['Draft', 'Live'],
    PublishReward: ['Live'],
    RetireReward: ['Live'],
    EndProgram: ['Live'],
  },
  decide: {
    DraftProgram: (_, command, { id }) => [{ type: 'ProgramDrafted', data: { programId: id, ...command } }],
    PublishEarningRules({ earning }, { effectiveFrom, rules, lotPolicy }, { id, now, limits }) {
      checkLimit('earningVersions', earning.length + 1, limits.versions);
      checkLimit('earningRules', rules.length, limits.rulesPerVersion);
      const from = effectiveFrom ?? now;
      if (from < now)
        throw ruleViolated('EFFECTIVE_IN_PAST', 'Rules apply from now on or later, never backwards.');
      const trees = rules.map(({ ruleId, when, points, cap }) => ({
        ruleId,
        when: canonicalJson(when),
        points: canonicalJson(points),
        cap,
      }));
      trees.forEach(checkEarningRule);
      if (new Set(rules.map(({ ruleId }) => ruleId)).size < rules.length)
        throw ruleViolated('DUPLICATE_RULE', 'Two rules have the same ruleId; give each its own.');
      const version = earning.length + 1;
      return [
        {
          type: 'EarningRulesPublished',
          data: { programId: id, version, effectiveFrom: from, rules: trees, lotPolicy },
        },
      ];
    },
    PublishTierLadder({ ladders }, { tiers, metric, period }, { id, limits }) {
      checkLimit('ladders', ladders.length + 1, limits.versions);
      checkLimit('tiers', tiers.length, limits.tiers);
      if (metric !== METRIC || period !== PERIOD)
        throw ruleViolated('METRIC_NOT_SUPPORTED', `Tiers go by ${METRIC} of a ${PERIOD} in this version.`, {
          metric: METRIC,
          period: PERIOD,
        });
      checkTiers(tiers);
      const version = ladders.length + 1;
      return [{ type: 'TierLadderPublished', data: { programId: id, version, tiers, metric, period } }];
    },
    PublishReward({ rewards }, { rewardId, name, kind, cost, value }, { id, commandId, limits }) {
      checkLimit('rewards', rewards.length + 1, limits.rewards);
      if (kind === 'VOUCHER')
        throw ruleViolated(
          'VOUCHER_NOT_SUPPORTED',
          'There are no vouchers yet; offer a product, a service or cashback.',
        );
      const known = rewardId ?? uuid5(commandId, 'rewardId');
      if (rewards.some((reward) => reward.rewardId === known))
        throw ruleViolated('DUPLICATE_REWARD', 'There is a reward with this id; give a new one its own.', {
          rewardId: known,
        });
      return [
        {
          type: 'RewardPublished',
          data: { programId: id, rewardId: known, name, kind, cost, value: value ?? null },
        },
      ];
    },
    RetireReward({ rewards }, { rewardId }, { id }) {
      const reward = rewards.find((one) => one.rewardId === rewardId);
      if (reward === undefined) throw ruleViolated('UNKNOWN_REWARD', 'The programme has no such reward.');
      return reward.retired ? [] : [{ type: 'RewardRetired', data: { programId: id, rewardId } }];
    },
    EndProgram(_, { endsOn }, { id, today }) {
      if (endsOn < today)
        throw ruleViolated('ENDS_IN_PAST', 'The last day of a programme is today or later.', { today });
      return [{ type: 'ProgramEnded', data: { programId: id, endsOn } }];
    },
  },
  evolve: {
    ProgramDrafted: (state, { data: { name, pointsName, autoEnrol } }) => ({
      ...state,
      status: 'Draft',
      name,
      pointsName,
      autoEnrol,
    }),
    EarningRulesPublished: (state, { data: { version, effectiveFrom, rules, lotPolicy } }) => ({
      ...state,
      status: 'Live',
      earning: [...state.earning, { version, effectiveFrom, rules, lotPolicy }],
    }),
    TierLadderPublished: (state, { data: { version, tiers, metric, period } }) => ({
      ...state,
      ladders: [...state.ladders, { version, tiers, metric, period }],
    }),
    RewardPublished: (state, { data: { rewardId, name, kind, cost, value } }) => ({
      ...state,
      rewards: [...state.rewards, { rewardId, name, kind, cost, value, retired: false }],
    }),
    RewardRetired: (state, { data: { rewardId } }) => ({
      ...state,
      rewards: state.rewards.map((reward) =>
        reward.rewardId === rewardId ? { ...reward, retired: true } : reward,
      ),
    }),
    ProgramEnded: (state, { data: { endsOn } }) => ({ ...state, status: 'Ended', endsOn }),
  },
});
