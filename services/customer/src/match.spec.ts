import { uuid5 } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT, scenarios, type Command, type Given } from '@tenure/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  match,
  matchIdOf,
  partiesOf,
  survivorOf,
  type MatchContext,
  type MatchParts,
  type MatchParty,
  type MatchStatus,
} from './match.ts';
import type { Score } from './matching.ts';

type Fact = Given<MatchParts>;

const [leftId, rightId] = [idOf('one'), idOf('two')].toSorted() as [string, string];
const id = matchIdOf(rightId, leftId);
const pairId = uuid5(leftId, rightId);

const party = (partyId: string, more: Partial<MatchParty> = {}): MatchParty => ({
  id: partyId,
  standing: 'registered',
  internal: false,
  registeredAt: 1,
  ...more,
});
const assessed: Score = {
  score: 85,
  conflict: false,
  evidence: [{ kind: 'PHONE', score: 65, leftKey: 'l', rightKey: 'r' }],
};
const context: MatchContext & { readonly id: string } = {
  id,
  rule: { ruleId: 'identity', version: 1, propose: 60, autoApprove: 95 },
  parties: [party(leftId), party(rightId)],
  assessed,
  candidates: 1,
};
const given = scenarios<MatchParts>(match, context);
const actor = SCENARIO_CONTEXT.actor;
const process = { actor: { kind: 'process', id: 'DuplicateWatch' } } as const;

const proposed = (ruleVersion = 1) =>
  ({
    type: 'MatchProposed',
    data: {
      pairId,
      leftId,
      rightId,
      ruleId: 'identity',
      ruleVersion,
      score: 85,
      evidence: assessed.evidence,
    },
  }) as const satisfies Fact;
const approved = (survivorId: string, approvedBy: typeof actor = actor) =>
  ({ type: 'MatchApproved', data: { pairId, survivorId, approvedBy } }) as const satisfies Fact;
const rejected = {
  type: 'MatchRejected',
  data: { pairId, rejectedBy: actor, reason: 'two people' },
} as const satisfies Fact;

const commands: { readonly [C in Command<MatchParts>['name']]: Extract<Command<MatchParts>, { name: C }> } = {
  ProposeMatch: { name: 'ProposeMatch', data: { leftId, rightId } },
  ApproveMatch: { name: 'ApproveMatch', data: {} },
  RejectMatch: { name: 'RejectMatch', data: { reason: 'two people' } },
};
const histories: Readonly<Record<MatchStatus, readonly Fact[]>> = {
  '∅': [],
  Proposed: [proposed()],
  Approved: [proposed(), approved(leftId)],
  Rejected: [proposed(), rejected],
};
/** The table of the domain. */
const TABLE = {
  ProposeMatch: [['∅', 'Rejected'], 'Proposed'],
  ApproveMatch: [['Proposed'], 'Approved'],
  RejectMatch: [['Proposed'], 'Rejected'],
} as const satisfies Record<string, readonly [readonly MatchStatus[], MatchStatus]>;
const names = Object.keys(TABLE) as readonly (keyof typeof TABLE)[];
/** Under newer rules a rejected pair may be proposed again. */
const newer = { rule: { ...context.rule, version: 2 } };

describe('the states of a match candidate', () => {
  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    expect(Object.keys(match.transitions)).toEqual(names);
    const [from, to]: readonly [readonly MatchStatus[], MatchStatus] = TABLE[name];
    for (const status of Object.keys(histories) as readonly MatchStatus[]) {
      const outcome = given(...histories[status]).when(commands[name], newer);
      if (!from.includes(status)) {
        outcome.refused('ILLEGAL_STATE', {
          status,
          allowedCommands: names.filter((other) => (TABLE[other][0] as readonly string[]).includes(status)),
        });
        continue;
      }
      const facts = outcome.facts();
      expect(facts).toHaveLength(1);
      expect(given(...histories[status], ...(facts as never[])).state().status).toBe(to);
    }
  });
});

describe('the id of a match candidate', () => {
  it('is that of the pair, in whatever order', () => {
    expect(matchIdOf(leftId, rightId)).toBe(id);
    expect(partiesOf(id)).toEqual([leftId, rightId]);
  });
});

describe('ProposeMatch', () => {
  const propose = (over: Partial<MatchContext> = {}, ...history: readonly Fact[]) =>
    given(...history).when(commands.ProposeMatch, over);
  const worth = (score: number) => ({ assessed: { ...assessed, score } });
  const nobody = {
    parties: [party(leftId, { standing: 'unregistered' }), party(rightId, { standing: 'unregistered' })],
  } as const;

  it('records what the rules find, the lower party left', () => {
    propose().then(proposed());
  });

  it('needs 60 points', () => {
    expect(propose(worth(60)).facts()).toHaveLength(1);
    propose(worth(59)).refused('NOT_ALIKE', { score: 59, least: 60 });
    propose({ assessed: null }).refused('NOT_ALIKE');
  });

  it('needs certainty where nobody is registered: they cannot be merged', () => {
    propose({ ...nobody, ...worth(94) }).refused('NOT_ALIKE', { least: 95 });
    expect(propose({ ...nobody, ...worth(95) }).facts()).toHaveLength(1);
  });

  it('is about two parties who are there and not the company itself', () => {
    propose({ parties: [party(leftId), party(leftId)] }).refused('SAME_PARTY');
    propose({ parties: [party(leftId), party(rightId, { standing: 'gone' })] }).refused('PARTY_GONE', {
      customerId: rightId,
    });
    propose({ parties: [party(leftId, { internal: true }), party(rightId)] }).refused('INTERNAL_PARTY');
  });

  it('does not repeat what was rejected under the same rules', () => {
    propose({}, proposed(), rejected).refused('ALREADY_REJECTED', { ruleVersion: 1 });
    propose(newer, proposed(), rejected).then(proposed(2));
  });
});

describe('ApproveMatch', () => {
  const approve = (over: object = {}, survivorId?: string) =>
    given(proposed()).when(
      { name: 'ApproveMatch', data: survivorId === undefined ? {} : { survivorId } },
      over,
    );
  const certain = { assessed: { ...assessed, score: 95 }, candidates: 1 };

  it('takes the survivor that is named', () => {
    approve({}, rightId).then(approved(rightId));
    approve({}, idOf('else')).refused('UNKNOWN_PARTY');
  });

  it('else the registered one, the earlier registered, the lower id', () => {
    approve().then(approved(leftId));
    approve({ parties: [party(leftId, { registeredAt: 2 }), party(rightId)] }).then(approved(rightId));
    approve({ parties: [party(leftId, { standing: 'unregistered' }), party(rightId)] }).then(
      approved(rightId),
    );
  });

  it('needs one who is registered', () => {
    const left = party(leftId, { standing: 'unregistered' });
    approve({ parties: [left, party(rightId)] }, leftId).refused('SURVIVOR_NOT_REGISTERED');
    approve({ parties: [left, party(rightId, { standing: 'unregistered' })] }).refused(
      'SURVIVOR_NOT_REGISTERED',
    );
  });

  it('is no more for who is gone meanwhile', () => {
    approve({ parties: [party(leftId, { standing: 'gone' }), party(rightId)] }).refused('PARTY_GONE');
  });

  it('is a process’s only of one certain candidate without conflict', () => {
    approve({ ...process, ...certain }).then(approved(leftId, process.actor));
    approve({ ...process, ...certain, assessed: { ...assessed, score: 94 } }).refused('NOT_CERTAIN');
    approve({ ...process, ...certain, candidates: 2 }).refused('NOT_CERTAIN');
    approve({ ...process, ...certain, candidates: 0 }).refused('NOT_CERTAIN');
    approve({ ...process, ...certain, assessed: { ...assessed, score: 100, conflict: true } }).refused(
      'NOT_CERTAIN',
    );
    approve({ ...process, ...certain, assessed: null }).refused('NOT_CERTAIN');
  });
});

describe('RejectMatch', () => {
  it('says who and why', () => {
    given(proposed()).when(commands.RejectMatch).then(rejected);
    expect(given(proposed(), rejected).state()).toMatchObject({ decidedBy: actor, reason: 'two people' });
    expect(given(proposed(), rejected, proposed(2)).state()).toMatchObject({ decidedBy: null, reason: null });
  });
});

describe('the survivor', () => {
  it('does not depend on the order of the two', () => {
    const some = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      standing: fc.constantFrom('registered' as const, 'unregistered' as const),
      internal: fc.constant(false),
      registeredAt: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(some, some, (a, b) => {
        fc.pre(a.id !== b.id);
        const stays = survivorOf([a, b]);
        expect(survivorOf([b, a])).toBe(stays);
        const registered = [a, b].filter(({ standing }) => standing === 'registered').map((one) => one.id);
        expect(registered.length === 0 ? [null] : registered).toContain(stays);
      }),
    );
  });
});
