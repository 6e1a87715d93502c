import { SCENARIO_CONTEXT, SCENARIO_NOW, idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  closed,
  commands,
  DAY,
  enrolled,
  given,
  histories,
  limits,
  programId,
  programOf,
  drafted,
  ladder,
  redeemed,
  reinstated,
  rules,
  sender,
  suspended,
  type AccountCommand,
  type AccountFact,
} from '../test/members.ts';
import { account, type AccountContext } from './account.ts';
import type { AccountStatus } from './account-state.ts';

/** The table of the domain: where a command is legal and where it leads; null: the status stays. */
const TABLE: {
  readonly [C in AccountCommand['name']]: readonly [readonly AccountStatus[], AccountStatus | null];
} = {
  EnrolMember: [['∅'], 'Active'],
  AccruePoints: [['Active'], null],
  UnlockPoints: [['Active', 'Suspended'], null],
  RedeemPoints: [['Active'], null],
  ReverseRedemption: [['Active', 'Suspended'], null],
  ReverseAccrual: [['Active', 'Suspended'], null],
  ExpirePoints: [['Active', 'Suspended'], null],
  TransferPoints: [['Active'], null],
  ReceivePoints: [['Active'], null],
  AdjustPoints: [['Active', 'Suspended'], null],
  ChangeTier: [['Active'], null],
  SuspendMembership: [['Active'], 'Suspended'],
  ReinstateMembership: [['Suspended'], 'Active'],
  CloseMembership: [['Active', 'Suspended'], 'Closed'],
};
const names = Object.keys(TABLE) as readonly AccountCommand['name'][];
const statuses = Object.keys(histories) as readonly AccountStatus[];

/** What must have happened before a command can say something. */
const BEFORE: { readonly [C in AccountCommand['name']]?: readonly AccountFact[] } = {
  UnlockPoints: [accrued('waiting', { points: 10, on: '2026-01-01', availableAt: SCENARIO_NOW })],
  ExpirePoints: [accrued('old', { points: 10, expiresOn: '2026-01-14' })],
  ReverseRedemption: [redeemed('spent', 300, ['meters', 300])],
  ChangeTier: [accrued('large', { points: 1_000 })],
};
/** The account at the other end. */
const OTHER: { readonly [C in AccountCommand['name']]?: AccountContext['other'] } = {
  ReceivePoints: sender,
  TransferPoints: sender,
};

describe('the states of an account', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('has the commands of the domain, in its order', () => {
    expect(Object.keys(account.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      const [first, ...later] = histories[status];
      const history = first === undefined ? [] : [first, ...(BEFORE[name] ?? []), ...later];
      // Suspended and closed come last in their histories; what a command needs lies before.
      const scenario = given(...history);
      const outcome = scenario.when(commands[name], { other: OTHER[name] ?? null });
      if (!from.includes(status)) {
        const allowedCommands = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands });
        continue;
      }
      const facts = outcome.facts();
      expect([name, status, facts.length]).toEqual([name, status, 1]);
      expect(given(...history, ...(facts as never[])).state().status).toBe(to ?? status);
    }
  });

  it('ends when it is closed', () => {
    expect(names.filter((name) => TABLE[name][0].includes('Closed'))).toEqual([]);
  });
});

describe('EnrolMember', () => {
  it('begins in the lowest tier, under the rules in force', () => {
    given().when(commands.EnrolMember).then(enrolled);
  });

  it('names the version of the rules that applies at that time', () => {
    const program = programOf(drafted, ladder, rules(1, SCENARIO_NOW - DAY), rules(2, SCENARIO_NOW + DAY));
    const enrol = (now: number) => given().when(commands.EnrolMember, { program, now }).facts()[0]?.data;
    expect(enrol(SCENARIO_NOW)).toMatchObject({ programVersion: 1 });
    expect(enrol(SCENARIO_NOW + DAY)).toMatchObject({ programVersion: 2 });
  });

  it('needs a live programme with tiers, and the account that customer and programme make', () => {
    const enrol = (more: object) => given().when(commands.EnrolMember, more);
    enrol({ id: idOf('another account') }).refused('ACCOUNT_ID_FIXED');
    enrol({ program: programOf(drafted, ladder) }).refused('PROGRAM_NOT_LIVE');
    enrol({ program: programOf(drafted, rules(1, 0)) }).refused('NO_TIER_LADDER');
    enrol({ program: programOf(drafted, ladder, rules(1, SCENARIO_NOW + DAY)) }).refused('PROGRAM_NOT_LIVE');
    const ended = (endsOn: string) =>
      programOf(drafted, ladder, rules(1, 0), { type: 'ProgramEnded', data: { programId, endsOn } });
    enrol({ program: ended('2026-01-14') }).refused('PROGRAM_NOT_LIVE');
    enrol({ program: ended('2026-01-15') }).then(enrolled);
  });
});

describe('SuspendMembership', () => {
  it('lets the membership rest, with the reason', () => {
    given(enrolled)
      .when(commands.SuspendMembership)
      .then({ type: 'MembershipSuspended', data: { accountId, reason: 'fraud is looked into' } });
  });

  it('is refused when it was done too often', () => {
    const often = Array.from({ length: limits.account.suspensions }, () => [suspended, reinstated]).flat();
    given(enrolled, ...often)
      .when(commands.SuspendMembership)
      .refused('LIMIT_EXCEEDED', { limit: 'suspensions', value: 100 });
  });
});

describe('ReinstateMembership', () => {
  it('goes on where it stopped', () => {
    given(enrolled, accrued('meters', { points: 800 }), suspended)
      .when(commands.ReinstateMembership)
      .then(reinstated);
    expect(given(...histories.Suspended, reinstated).state().lots).toMatchObject([{ left: 800 }]);
  });
});

describe('CloseMembership', () => {
  it('forfeits what is left, locked or not', () => {
    const later = SCENARIO_CONTEXT.now + 30 * DAY;
    const history = [
      enrolled,
      accrued('meters', { points: 800 }),
      accrued('packs', { points: 380, availableAt: later }),
      redeemed('spent', 300, ['meters', 300]),
    ];
    given(...history)
      .when(commands.CloseMembership)
      .then({
        type: 'MembershipClosed',
        data: { accountId, reason: 'wants to leave', forfeitedPoints: 880 },
      });
    expect(
      given(...history, closed)
        .state()
        .lots.map(({ left }) => left),
    ).toEqual([0, 0]);
  });
});
