import { allowedCommands, isTenureError } from '@tenure/core';
import { idOf, SCENARIO_NOW } from '@tenure/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  acknowledged,
  cny,
  commands,
  complaintId,
  context,
  declined,
  given,
  histories,
  investigated,
  offered,
  registered,
  sealed,
  type ComplaintCommand,
  type ComplaintFact,
} from '../test/complaints.ts';
import { complaint, type ComplaintStatus } from './complaint.ts';

/** The table of the domain: where a command is legal, its event, and where it leads. */
const TABLE: {
  readonly [C in ComplaintCommand['name']]: readonly [readonly ComplaintStatus[], string, ComplaintStatus];
} = {
  RegisterComplaint: [['∅'], 'ComplaintRegistered', 'Registered'],
  AcknowledgeComplaint: [['Registered'], 'ComplaintAcknowledged', 'Acknowledged'],
  InvestigateComplaint: [['Acknowledged'], 'ComplaintInvestigated', 'Investigating'],
  OfferRemedy: [['Acknowledged', 'Investigating'], 'RemedyOffered', 'RemedyOffered'],
  AcceptRemedy: [['RemedyOffered'], 'RemedyAccepted', 'Settled'],
  DeclineRemedy: [['RemedyOffered'], 'RemedyDeclined', 'Investigating'],
  RejectComplaint: [['Investigating'], 'ComplaintRejected', 'Rejected'],
  EscalateComplaint: [
    ['Acknowledged', 'Investigating', 'RemedyOffered'],
    'ComplaintEscalated',
    'EscalatedExternally',
  ],
};
const statuses = Object.keys(histories) as readonly ComplaintStatus[];
const names = Object.keys(TABLE) as readonly ComplaintCommand['name'][];

describe('the states of a complaint', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('has the commands of the domain, in its order', () => {
    expect(Object.keys(complaint.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, event, to] = TABLE[name];
    for (const status of statuses) {
      const outcome = given(...histories[status]).when(commands[name]);
      if (!from.includes(status)) {
        const allowed = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands: allowed });
        continue;
      }
      const facts = outcome.facts();
      expect(facts.map(({ type }) => type)).toEqual([event]);
      expect(given(...histories[status], ...(facts as never[])).state().status).toBe(to);
    }
  });

  it('end settled, rejected or outside, for good', () => {
    for (const status of ['Settled', 'Rejected', 'EscalatedExternally'] as const)
      expect(allowedCommands(complaint, given(...histories[status]).state())).toEqual([]);
  });
});

describe('RegisterComplaint', () => {
  it('records what was said, under the rules in force', () => {
    given()
      .when(commands.RegisterComplaint, { desk: { ...context.desk, version: 4 } })
      .then({
        type: 'ComplaintRegistered',
        data: { ...commands.RegisterComplaint.data, complaintId, policyVersion: 4 },
      });
  });

  it('stops at twenty open complaints of one customer', () => {
    given().when(commands.RegisterComplaint, { openComplaints: 19 }).facts();
    given()
      .when(commands.RegisterComplaint, { openComplaints: 20 })
      .refused('LIMIT_EXCEEDED', { limit: 'openComplaints', value: 20 });
  });

  it('may come from a case of the same customer', () => {
    const data = { ...commands.RegisterComplaint.data, caseId: idOf('case') };
    const register = (other: typeof context.other) =>
      given().when({ name: 'RegisterComplaint', data }, { other });
    expect(register({ sameCustomer: true }).facts()[0]?.data).toMatchObject({ caseId: idOf('case') });
    register({ sameCustomer: false }).refused('CUSTOMER_MISMATCH');
    register(null).refused('UNKNOWN_CASE');
  });
});

describe('AcknowledgeComplaint', () => {
  it.each([
    [7 * 3_600_000, '7.0'],
    [0, '0.0'],
    [179_999, '0.0'],
    [180_000, '0.1'],
    [90 * 60_000, '1.5'],
    [-60_000, '0.0'],
    [1_000 * 3_600_000, '1000.0'],
  ])('after %d ms it took %s hours', (ms, withinHours) => {
    given(registered)
      .when(commands.AcknowledgeComplaint, { now: SCENARIO_NOW + ms })
      .then({ type: 'ComplaintAcknowledged', data: { complaintId, withinHours } });
  });
});

describe('OfferRemedy', () => {
  const offer = (data: ComplaintCommand['data'], roles: readonly string[] = ['agent']) =>
    given(registered, acknowledged).when({ name: 'OfferRemedy', data } as ComplaintCommand, { roles });
  const worth = (minor: number) => ({ kind: 'REFUND', value: cny(minor) }) as const;
  const points = (count: number) => ({ kind: 'POINTS', points: count }) as const;

  it('is what an agent may grant, up to its limit', () => {
    expect(offer(worth(20_000)).facts()).toHaveLength(1);
    expect(offer(points(1_000)).facts()).toHaveLength(1);
    offer(worth(20_001)).refused('FORBIDDEN', { needs: ['supervisor', 'admin'] });
    offer(points(1_001)).refused('FORBIDDEN', { needs: ['supervisor', 'admin'] });
  });

  it('is what a supervisor may grant, up to his', () => {
    for (const role of ['supervisor', 'admin']) {
      expect(offer(worth(200_000), ['agent', role]).facts()).toHaveLength(1);
      expect(offer(points(10_000), [role]).facts()).toHaveLength(1);
      offer(worth(200_001), [role]).refused('FORBIDDEN', { needs: [] });
      offer(points(10_001), [role]).refused('FORBIDDEN', { needs: [] });
    }
  });

  it('is a fact where history is imported', () => {
    expect(offer(worth(9_000_000), ['import']).facts()).toHaveLength(1);
  });

  it('is in the home currency', () => {
    offer({ kind: 'REFUND', value: { minor: 1, currency: 'EUR' } }).refused('CURRENCY_MISMATCH', {
      currency: 'CNY',
    });
  });

  it('counts the limit in the decimals of the currency', () => {
    const yen = (minor: number) =>
      given(registered, acknowledged).when(
        { name: 'OfferRemedy', data: { kind: 'REFUND', value: { minor, currency: 'JPY' } } },
        { homeCurrency: 'JPY' },
      );
    expect(yen(200).facts()).toHaveLength(1);
    yen(201).refused('FORBIDDEN');
  });

  it('comes ten times at most', () => {
    const rounds = (count: number): readonly ComplaintFact[] =>
      Array.from({ length: count }, () => [offered, declined] as const).flat();
    expect(
      given(registered, acknowledged, ...rounds(9))
        .when(commands.OfferRemedy)
        .facts(),
    ).toHaveLength(1);
    given(registered, acknowledged, ...rounds(10))
      .when(commands.OfferRemedy)
      .refused('LIMIT_EXCEEDED', { limit: 'offers', value: 10 });
  });
});

describe('AcceptRemedy', () => {
  it('says what was accepted: the newest offer', () => {
    const first = { ...offered, data: { ...offered.data, kind: 'REFUND', value: cny(100), points: null } };
    given(registered, acknowledged, first as ComplaintFact, declined, offered)
      .when(commands.AcceptRemedy)
      .then(accepted);
  });
});

describe('DeclineRemedy', () => {
  it('keeps the reason with the offer', () => {
    const state = given(registered, acknowledged, offered, declined, offered).state();
    expect(state.offers.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['DECLINED', sealed('reason')],
      ['OPEN', null],
    ]);
  });
});

describe('what a complaint keeps', () => {
  it('are references to personal texts, never the texts', () => {
    expect(given(registered, acknowledged, investigated).state()).toMatchObject({
      text: sealed('text'),
      rootCause: sealed('rootCause'),
    });
    expect(given(...histories.Rejected).state().rejection).toEqual(sealed('reason'));
  });
});

/** The code of a refusal, null for none. */
const refusalOf = (act: () => void): string | null => {
  try {
    act();
  } catch (error) {
    if (isTenureError(error)) return error.code;
    throw error;
  }
  return null;
};

describe('any commands in any order', () => {
  const command = fc.constantFrom(...Object.values(commands));

  it('never lead out of the domain', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (sent) => {
        const history: ComplaintFact[] = [];
        for (const one of sent) {
          const scenario = given(...history);
          const legal = allowedCommands(complaint, scenario.state()).includes(one.name);
          const code = refusalOf(() => {
            history.push(...(scenario.when(one).facts() as ComplaintFact[]));
          });
          expect(legal ? [null, 'LIMIT_EXCEEDED'] : ['ILLEGAL_STATE']).toContain(code);
          const { status, offers } = given(...history).state();
          expect(statuses).toContain(status);
          expect(offers.length).toBeLessThanOrEqual(10);
          const open = offers.filter(({ outcome }) => outcome === 'OPEN').length;
          expect(open).toBe(status === 'RemedyOffered' ? 1 : 0);
          expect(offers.filter(({ outcome }) => outcome === 'ACCEPTED')).toHaveLength(
            status === 'Settled' ? 1 : 0,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
