// Joining, resting, leaving, and the tier a member holds.
import { decimalOf, ruleViolated } from '@tenure/core';
import type { Tier } from '@tenure/events/generated/loyalty';
import { accountIdOf } from './account-id.ts';
import type { AccountState } from './account-state.ts';
import { limitExceeded, notLive, rulesInForce, type Decider } from './deciding.ts';
import { sumLeft } from './lots.ts';
import { isLive, type Ladder, type ProgramState } from './program.ts';
import { rankOf, standingOf, yearAt } from './tiers.ts';

export const enrolMember: Decider<'EnrolMember'> = (_, { programId }, context) => {
  const { id, customerId, now, zone, program } = context;
  if (id !== accountIdOf(customerId, programId))
    throw ruleViolated(
      'ACCOUNT_ID_FIXED',
      'The id of an account follows from customer and programme; leave it out.',
    );
  if (!isLive(program, now, zone)) throw notLive();
  const [lowest] = ladderOf(program).tiers;
  if (lowest === undefined) throw noLadder();
  const { version } = rulesInForce(program, now);
  return [
    {
      type: 'MemberEnrolled',
      data: { accountId: id, programId, programVersion: version, tierId: lowest.tierId },
    },
  ];
};

const noLadder = () =>
  ruleViolated('NO_TIER_LADDER', 'The programme has no tiers yet; publish a ladder before members join.');

const ladderOf = ({ ladders }: ProgramState): Ladder => {
  const newest = ladders.at(-1);
  if (newest === undefined) throw noLadder();
  return newest;
};

/**
 * Moves to the tier that the better of two years comes to. Up at once; down at once only as far as this year had risen,
 * the rest when the year closes.
 */
export const changeTier: Decider<'ChangeTier'> = (state, { closedYear }, { id, now, zone, program }) => {
  const year = yearAt(now, zone);
  if (closedYear !== undefined && closedYear >= year)
    throw ruleViolated('YEAR_NOT_CLOSED', 'That year is not over yet.');
  const ladder = ladderOf(program);
  const held = rankOf(ladder, state.tier);
  const standing = standingOf(ladder, state.earned, year, zone);
  const floor = closedYear === undefined ? rankOf(ladder, heldBefore(state, year, zone)) : 0;
  const rank = standing.rank >= held ? standing.rank : Math.max(standing.rank, Math.min(floor, held));
  const tier: Tier | undefined = ladder.tiers[rank];
  if (rank === held || tier === undefined) return [];
  return [
    {
      type: 'TierChanged',
      data: {
        accountId: id,
        fromTierId: state.tier.tierId,
        toTierId: tier.tierId,
        threshold: tier.threshold,
        direction: rank > held ? 'UP' : 'DOWN',
        qualifyingValue: decimalOf(standing.value, 0),
        period: String(standing.year),
        ladderVersion: ladder.version,
      },
    },
  ];
};

/** What was held before this year's first rise; without one, what is held. */
const heldBefore = ({ rises, tier }: AccountState, year: number, zone: string): AccountState['tier'] =>
  rises.find(({ at }) => yearAt(at, zone) === year) ?? tier;

export const suspendMembership: Decider<'SuspendMembership'> = ({ rests }, { reason }, { id, limits }) => {
  if (rests.length >= limits.suspensions)
    throw limitExceeded(
      'suspensions',
      limits.suspensions,
      'The membership was suspended too often; close it.',
    );
  return [{ type: 'MembershipSuspended', data: { accountId: id, reason } }];
};

/** What is left is forfeited. */
export const closeMembership: Decider<'CloseMembership'> = ({ lots }, { reason }, { id }) => [
  { type: 'MembershipClosed', data: { accountId: id, reason, forfeitedPoints: sumLeft(lots) } },
];
