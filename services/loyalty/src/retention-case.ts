// A case of the retention desk: somebody is to keep a customer who is at risk. Its outcomes are the labels of the signals.
import {
  aggregate,
  NOTHING,
  ruleViolated,
  TenureError,
  uuid5,
  type Aggregate,
  type Money,
} from '@tenure/core';
import type { LoyaltyEvents, LoyaltyFacts, RiskLevel } from '@tenure/events/generated/loyalty';
import { refusalToOpen, type Candidate } from './retention-rules.ts';

export type RetentionStatus = typeof NOTHING | 'Opened' | 'Offered' | 'Saved' | 'Lost' | 'FalseAlarm';

export type RetentionCaseState = {
  readonly status: RetentionStatus;
  readonly riskLevel: RiskLevel | 'UNKNOWN' | null;
  readonly signalIds: readonly string[];
  readonly ownerId: string | null;
  readonly queueId: string | null;
  readonly policyVersion: number | null;
  /** ms */
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  /** The event that the desk opened it for; null: somebody did. */
  readonly causedBy: string | null;
  readonly offers: readonly { readonly kind: string; readonly cost: Money; readonly at: number }[];
  /** What saved the customer. */
  readonly byEventId: string | null;
  readonly lostReason: string | null;
};

export type RetentionContext = {
  /** Who is to be kept, and how many cases he has had. */
  readonly candidate: Candidate;
  readonly homeCurrency: string;
  readonly policy: {
    readonly version: number;
    readonly queueId: string;
    readonly falseAlarmDays: number;
    readonly offers: Readonly<Record<string, unknown>>;
    readonly offerCost: { readonly agent: number; readonly supervisor: number };
    readonly offersPerCase: number;
    readonly lostReasons: Readonly<Record<string, unknown>>;
    readonly churnedReason: string;
  };
};

export type RetentionCommands = {
  readonly OpenRetentionCase: {
    readonly customerId: string;
    readonly riskLevel: RiskLevel;
    readonly signalIds: readonly string[];
    readonly ownerId?: string | undefined;
  };
  readonly MakeRetentionOffer: { readonly kind: string; readonly cost: Money };
  readonly CloseRetentionSaved: { readonly byEventId: string };
  readonly CloseRetentionLost: { readonly reasonCode: string };
  readonly CloseRetentionFalseAlarm: object;
};

type RetentionEvent =
  | 'RetentionCaseOpened'
  | 'RetentionOfferMade'
  | 'CustomerSaved'
  | 'CustomerLost'
  | 'RetentionFalseAlarm';

export type RetentionCaseParts = {
  readonly state: RetentionCaseState;
  readonly events: Pick<LoyaltyEvents, RetentionEvent>;
  readonly facts: Pick<LoyaltyFacts, RetentionEvent>;
  readonly commands: RetentionCommands;
  readonly context: RetentionContext;
};

const noCase: RetentionCaseState = {
  status: NOTHING,
  riskLevel: null,
  signalIds: [],
  ownerId: null,
  queueId: null,
  policyVersion: null,
  openedAt: null,
  closedAt: null,
  causedBy: null,
  offers: [],
  byEventId: null,
  lostReason: null,
};

/** The case number n of a customer, from 0: two who open one at a time meet on its stream. */
export const retentionCaseIdOf = (customerId: string, earlier: number): string =>
  uuid5(customerId, String(earlier));

/** @throws FORBIDDEN beyond what the role may grant, LIMIT_EXCEEDED beyond what anybody may */
const checkCost = (
  cost: Money,
  roles: readonly string[],
  { homeCurrency, policy }: RetentionContext,
): void => {
  const { agent, supervisor } = policy.offerCost;
  if (cost.currency !== homeCurrency)
    throw ruleViolated('CURRENCY_MISMATCH', `What an offer costs is in the home currency, ${homeCurrency}.`);
  if (cost.minor > supervisor)
    throw ruleViolated('LIMIT_EXCEEDED', 'That is more than an offer may cost.', {
      limit: 'offerCost',
      value: supervisor,
    });
  if (cost.minor > agent && !roles.some((role) => role === 'supervisor' || role === 'admin'))
    throw new TenureError('FORBIDDEN', 'An offer of that cost is made by a supervisor.', {
      needs: ['supervisor', 'admin'],
    });
};

/** States, rules and events of the retention case. */
export const retentionCase: Aggregate<RetentionCaseParts> = aggregate<RetentionCaseParts>({
  name: 'retentioncase',
  initial: noCase,
  transitions: {
    OpenRetentionCase: [NOTHING],
    MakeRetentionOffer: ['Opened', 'Offered'],
    CloseRetentionSaved: ['Opened', 'Offered'],
    CloseRetentionLost: ['Opened', 'Offered'],
    CloseRetentionFalseAlarm: ['Opened'],
  },
  decide: {
    OpenRetentionCase(_, { riskLevel, signalIds, ownerId }, { id, customerId, today, candidate, policy }) {
      const refusal = refusalToOpen(candidate, today, policy.falseAlarmDays);
      if (refusal !== null) throw ruleViolated(...refusal);
      const next = retentionCaseIdOf(customerId, candidate.cases);
      if (id !== next)
        throw ruleViolated(
          'CASE_ID_FIXED',
          'The id of a case follows from the customer and the number of cases before; send the one named here.',
          { retentionCaseId: next },
        );
      const owner = ownerId ?? candidate.ownerId;
      return [
        {
          type: 'RetentionCaseOpened',
          data: {
            retentionCaseId: id,
            riskLevel,
            signalIds,
            ownerId: owner,
            queueId: owner === null ? policy.queueId : null,
            policyVersion: policy.version,
          },
        },
      ];
    },
    MakeRetentionOffer({ offers }, { kind, cost }, context) {
      const { id, roles, policy } = context;
      if (!Object.hasOwn(policy.offers, kind))
        throw ruleViolated('UNKNOWN_OFFER', 'The retention policy has no such offer.', {
          allowed: Object.keys(policy.offers),
        });
      if (offers.length >= policy.offersPerCase)
        throw ruleViolated('LIMIT_EXCEEDED', 'The case has as many offers as it may have.', {
          limit: 'offersPerCase',
          value: policy.offersPerCase,
        });
      checkCost(cost, roles, context);
      return [{ type: 'RetentionOfferMade', data: { retentionCaseId: id, kind, voucherId: null, cost } }];
    },
    CloseRetentionSaved({ openedAt }, { byEventId }, { id, now }) {
      // What happened before the case was opened was known when it was opened.
      if (openedAt === null || now <= openedAt) return [];
      return [{ type: 'CustomerSaved', data: { retentionCaseId: id, byEventId } }];
    },
    CloseRetentionLost({ openedAt }, { reasonCode }, { id, now, actor, policy }) {
      const { lostReasons, churnedReason } = policy;
      if (actor.kind === 'process' && openedAt !== null && now < openedAt) return []; // he came back since
      const isKnown =
        actor.kind === 'process' ? reasonCode === churnedReason : Object.hasOwn(lostReasons, reasonCode);
      if (!isKnown)
        throw ruleViolated('UNKNOWN_REASON', 'The reason code is not in the retention policy.', {
          allowed: Object.keys(lostReasons),
        });
      return [{ type: 'CustomerLost', data: { retentionCaseId: id, reasonCode } }];
    },
    CloseRetentionFalseAlarm: ({ signalIds }, _, { id }) => [
      { type: 'RetentionFalseAlarm', data: { retentionCaseId: id, signalIds } },
    ],
  },
  evolve: {
    RetentionCaseOpened: (state, { occurredAt, meta, data }) => ({
      ...state,
      riskLevel: data.riskLevel,
      signalIds: data.signalIds,
      ownerId: data.ownerId,
      queueId: data.queueId,
      policyVersion: data.policyVersion,
      status: 'Opened',
      openedAt: occurredAt,
      causedBy: meta.causationId ?? null,
    }),
    RetentionOfferMade: (state, { occurredAt, data: { kind, cost } }) => ({
      ...state,
      status: 'Offered',
      offers: [...state.offers, { kind, cost, at: occurredAt }],
    }),
    CustomerSaved: (state, { occurredAt, data: { byEventId } }) => ({
      ...state,
      status: 'Saved',
      byEventId,
      closedAt: occurredAt,
    }),
    CustomerLost: (state, { occurredAt, data: { reasonCode } }) => ({
      ...state,
      status: 'Lost',
      lostReason: reasonCode,
      closedAt: occurredAt,
    }),
    RetentionFalseAlarm: (state, { occurredAt }) => ({
      ...state,
      status: 'FalseAlarm',
      closedAt: occurredAt,
    }),
  },
});
