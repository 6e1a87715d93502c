// A match candidate: two parties that may be one, proposed by rules, approved or rejected by people or by certainty.
import { aggregate, NOTHING, ruleViolated, uuid5, type Aggregate, type CommandContext } from '@tenure/core';
import type { Actor, CustomerEvents, CustomerFacts, MatchEvidence } from '@tenure/events/generated/customer';
import type { Score } from './matching.ts';

export type MatchStatus = typeof NOTHING | 'Proposed' | 'Approved' | 'Rejected';

export type MatchState = {
  readonly status: MatchStatus;
  readonly pairId: string | null;
  readonly leftId: string | null;
  readonly rightId: string | null;
  readonly ruleId: string | null;
  readonly ruleVersion: number;
  readonly score: number;
  readonly evidence: readonly MatchEvidence[];
  readonly survivorId: string | null;
  /** Who approved or rejected it last. */
  readonly decidedBy: Actor | null;
  /** Why it was rejected. */
  readonly reason: string | null;
};

/** One party of a pair as of now. */
export type MatchParty = {
  readonly id: string;
  readonly standing: 'unregistered' | 'registered' | 'gone';
  readonly internal: boolean;
  /** ms */
  readonly registeredAt: number | null;
};

/** What deciders know beyond the stream: the pair as of now, and what the rules say of it. */
export type MatchContext = {
  readonly rule: {
    readonly ruleId: string;
    readonly version: number;
    readonly propose: number;
    readonly autoApprove: number;
  };
  /** In the order of the pair's id. */
  readonly parties: readonly [MatchParty, MatchParty];
  /** Null where nothing is scored: the command does not ask for it. */
  readonly assessed: Score | null;
  /** How many parties could be meant, this one included. */
  readonly candidates: number;
};

export type MatchCommands = {
  readonly ProposeMatch: { readonly leftId: string; readonly rightId: string };
  readonly ApproveMatch: { readonly survivorId?: string | undefined };
  readonly RejectMatch: { readonly reason: string };
};

/** The types that make up the aggregate. */
export type MatchParts = {
  readonly state: MatchState;
  readonly events: Pick<CustomerEvents, 'MatchProposed' | 'MatchApproved' | 'MatchRejected'>;
  readonly facts: CustomerFacts;
  readonly commands: MatchCommands;
  readonly context: MatchContext;
};

const noMatch: MatchState = {
  status: NOTHING,
  pairId: null,
  leftId: null,
  rightId: null,
  ruleId: null,
  ruleVersion: 0,
  score: 0,
  evidence: [],
  survivorId: null,
  decidedBy: null,
  reason: null,
};

/** The id of the candidate of two parties, in whatever order. */
export const matchIdOf = (a: string, b: string): string => (a < b ? `${a}-${b}` : `${b}-${a}`);

const UUID_LENGTH = 36;

/** The parties of a candidate by its id, the lower one first. */
export const partiesOf = (matchId: string): readonly [string, string] => [
  matchId.slice(0, UUID_LENGTH),
  matchId.slice(UUID_LENGTH + 1),
];

/** The pair as one id, for those who need a UUID. */
const pairIdOf = (matchId: string): string => uuid5(...partiesOf(matchId));

/**
 * Who stays: the registered party; of two, the earlier registered, then the lower id. Null: nobody is registered, so
 * nothing can be merged.
 */
export const survivorOf = (parties: readonly MatchParty[]): string | null => {
  const [first] = parties
    .filter(({ standing }) => standing === 'registered')
    .toSorted((a, b) => (a.registeredAt ?? 0) - (b.registeredAt ?? 0) || (a.id < b.id ? -1 : 1));
  return first?.id ?? null;
};

type Context = CommandContext & MatchContext;

/** @throws SAME_PARTY, PARTY_GONE, INTERNAL_PARTY */
const checkParties = ({ parties }: Context): void => {
  const [left, right] = parties;
  if (left.id === right.id) throw ruleViolated('SAME_PARTY', 'Both are the same party.');
  const gone = parties.find(({ standing }) => standing === 'gone');
  if (gone !== undefined)
    throw ruleViolated('PARTY_GONE', 'One of them is merged into another customer, or erased.', {
      customerId: gone.id,
    });
  const internal = parties.find((party) => party.internal);
  if (internal !== undefined)
    throw ruleViolated('INTERNAL_PARTY', 'The company itself is never matched.', { customerId: internal.id });
};

/** The survivor that was named, or who it is by rule. @throws UNKNOWN_PARTY, SURVIVOR_NOT_REGISTERED */
const survivor = (named: string | undefined, { parties }: Context): string => {
  if (named === undefined) {
    const byRule = survivorOf(parties);
    if (byRule !== null) return byRule;
  } else if (!parties.some(({ id }) => id === named))
    throw ruleViolated('UNKNOWN_PARTY', 'The survivor is one of the two.', { customerId: named });
  else if (parties.some(({ id, standing }) => id === named && standing === 'registered')) return named;
  throw ruleViolated('SURVIVOR_NOT_REGISTERED', 'Only a registered customer can take another party in.');
};

/** Certain enough without a person? @throws NOT_CERTAIN */
const checkCertain = ({ assessed, candidates, rule }: Context): void => {
  if (assessed === null || assessed.conflict || assessed.score < rule.autoApprove || candidates !== 1)
    throw ruleViolated(
      'NOT_CERTAIN',
      'A process approves only one certain candidate; a person has to decide.',
    );
};

/** States, rules and events of a match candidate. */
export const match: Aggregate<MatchParts> = aggregate<MatchParts>({
  name: 'match',
  initial: noMatch,
  transitions: {
    ProposeMatch: [NOTHING, 'Rejected'],
    ApproveMatch: ['Proposed'],
    RejectMatch: ['Proposed'],
  },
  decide: {
    ProposeMatch(state, _, context) {
      checkParties(context);
      const { rule, assessed, parties } = context;
      if (state.status === 'Rejected' && rule.version <= state.ruleVersion)
        throw ruleViolated(
          'ALREADY_REJECTED',
          'It was rejected under these rules; newer rules may propose it again.',
          {
            ruleVersion: state.ruleVersion,
          },
        );
      const { score, evidence } = assessed ?? { score: 0, evidence: [] };
      // Two parties nobody has registered cannot be merged: only what is certain is worth knowing.
      const least = survivorOf(parties) === null ? rule.autoApprove : rule.propose;
      if (score < least)
        throw ruleViolated('NOT_ALIKE', `The rules find less than ${least} points.`, { score, least });
      const [{ id: leftId }, { id: rightId }] = parties;
      const { ruleId, version: ruleVersion } = rule;
      const data = { pairId: pairIdOf(context.id), leftId, rightId, ruleId, ruleVersion, score, evidence };
      return [{ type: 'MatchProposed', data }];
    },
    ApproveMatch(_, { survivorId }, context) {
      checkParties(context);
      if (context.actor.kind === 'process') checkCertain(context);
      const data = {
        pairId: pairIdOf(context.id),
        survivorId: survivor(survivorId, context),
        approvedBy: context.actor,
      };
      return [{ type: 'MatchApproved', data }];
    },
    RejectMatch: (_, { reason }, { id, actor }) => [
      { type: 'MatchRejected', data: { pairId: pairIdOf(id), rejectedBy: actor, reason } },
    ],
  },
  evolve: {
    MatchProposed: (state, { data }) => ({
      ...state,
      ...data,
      status: 'Proposed',
      decidedBy: null,
      reason: null,
    }),
    MatchApproved: (state, { data: { survivorId, approvedBy } }) => ({
      ...state,
      status: 'Approved',
      survivorId,
      decidedBy: approvedBy,
    }),
    MatchRejected: (state, { data: { rejectedBy, reason } }) => ({
      ...state,
      status: 'Rejected',
      decidedBy: rejectedBy,
      reason,
    }),
  },
});
