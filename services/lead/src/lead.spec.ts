import { uuid5 } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  assigned,
  attempted,
  captured,
  card,
  commands,
  conversionId,
  converted,
  disqualified,
  draft,
  failed,
  given,
  histories,
  leadId,
  nobody,
  nurtured,
  overdue,
  qualified,
  requested,
  RESPOND_BY,
  sealed,
  type LeadCommand,
  type LeadFact,
} from '../test/leads.ts';
import type { LeadStatus } from './lead-state.ts';
import { lead } from './lead.ts';

const OPEN = ['New', 'Assigned', 'Working', 'Nurturing', 'Qualified'] as const;

/** The table of the domain: where a command is legal and where it leads; null: the status stays. */
const TABLE: { readonly [C in LeadCommand['name']]: readonly [readonly LeadStatus[], LeadStatus | null] } = {
  CaptureLead: [['∅'], 'New'],
  EnrichLead: [OPEN, null],
  ScoreLead: [OPEN, null],
  AssignLead: [['New', 'Assigned', 'Working', 'Nurturing'], 'Assigned'],
  LogContactAttempt: [['Assigned', 'Working'], 'Working'],
  FlagResponseOverdue: [['New', 'Assigned'], null],
  NurtureLead: [['New', 'Assigned', 'Working'], 'Nurturing'],
  QualifyLead: [['Assigned', 'Working', 'Nurturing'], 'Qualified'],
  DisqualifyLead: [OPEN, 'Disqualified'],
  MarkLeadDuplicate: [OPEN, 'Disqualified'],
  RecycleLead: [['Disqualified'], 'Nurturing'],
  RequestConversion: [['Qualified'], 'Converting'],
  CompleteConversion: [['Converting'], 'Converted'],
  FailConversion: [['Converting'], 'Qualified'],
};
const statuses = Object.keys(histories) as readonly LeadStatus[];
const names = Object.keys(TABLE) as readonly LeadCommand['name'][];
/** Late enough for everything that waits. */
const LATER = { now: RESPOND_BY };

describe('the states of a lead', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('has the commands of the domain, in its order', () => {
    expect(Object.keys(lead.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      const outcome = given(...histories[status]).when(commands[name], LATER);
      if (!from.includes(status)) {
        const allowedCommands = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands });
        continue;
      }
      const facts = outcome.facts();
      // Nothing was promised for a lead that nobody has.
      expect(facts).toHaveLength(name === 'FlagResponseOverdue' && status === 'New' ? 0 : 1);
      expect(given(...histories[status], ...(facts as never[])).state().status).toBe(to ?? status);
    }
  });

  it('end where the lead is converted', () => {
    expect(names.filter((name) => TABLE[name][0].includes('Converted'))).toEqual([]);
  });
});

describe('CaptureLead', () => {
  it('records the first touch', () => {
    given()
      .when(commands.CaptureLead)
      .then({ type: 'LeadCaptured', data: { ...commands.CaptureLead.data, leadId } });
  });

  it('takes up to 20 interests', () => {
    const capture = (count: number) =>
      given().when({
        name: 'CaptureLead',
        data: { ...commands.CaptureLead.data, interests: Array.from({ length: count }, (_, i) => `i${i}`) },
      });
    expect(capture(20).facts()).toHaveLength(1);
    capture(21).refused('LIMIT_EXCEEDED', { limit: 'interests', value: 20 });
  });
});

describe('EnrichLead', () => {
  const enrich = (...fields: readonly string[]) =>
    ({
      name: 'EnrichLead',
      data: { fields: Object.fromEntries(fields.map((name) => [name, 'x'])), provider: 'registry' },
    }) as const;
  const enriched = (...fieldNames: readonly string[]) =>
    ({
      type: 'LeadEnriched',
      data: {
        leadId,
        fieldNames,
        fields: sealed<Record<string, string>>('fields'),
        provider: 'registry',
      },
    }) as const satisfies LeadFact;

  it('names the fields in the clear', () => {
    given(captured)
      .when(enrich('b', 'a'))
      .then({
        type: 'LeadEnriched',
        data: { leadId, fieldNames: ['a', 'b'], fields: { a: 'x', b: 'x' }, provider: 'registry' },
      });
  });

  it('keeps a reference to each value', () => {
    expect(given(captured, enriched('a', 'b'), enriched('b')).state().fields).toEqual({
      a: { $sealed: idOf('some event'), field: 'fields', entry: 'a' },
      b: { $sealed: idOf('some event'), field: 'fields', entry: 'b' },
    });
  });

  it('knows up to 100 fields', () => {
    const many = Array.from({ length: 100 }, (_, i) => `f${i}`);
    expect(
      given(captured, enriched(...many))
        .when(enrich('f7'))
        .facts(),
    ).toHaveLength(1);
    given(captured, enriched(...many))
      .when(enrich('more'))
      .refused('LIMIT_EXCEEDED', { limit: 'fields', value: 100 });
  });
});

describe('ScoreLead', () => {
  it('says what the model says of the facts', () => {
    const facts = { ...nobody, source: 'PARTNER', hasPhone: true };
    given(captured)
      .when(commands.ScoreLead, { facts })
      .then({
        type: 'LeadScored',
        data: {
          leadId,
          score: 30,
          grade: 'C',
          modelVersion: 'lead-scoring@1',
          factors: [
            { name: 'source', value: 'PARTNER', points: 20 },
            { name: 'phone', value: 'USABLE', points: 10 },
          ],
        },
      });
  });

  it('scores up to 1,000 times', () => {
    const scored = {
      type: 'LeadScored',
      data: { leadId, score: 1, grade: 'D', modelVersion: 'lead-scoring@1', factors: [] },
    } as const satisfies LeadFact;
    const often = (count: number) => Array.from({ length: count }, () => scored);
    expect(
      given(captured, ...often(999))
        .when(commands.ScoreLead)
        .facts(),
    ).toHaveLength(1);
    given(captured, ...often(1_000))
      .when(commands.ScoreLead)
      .refused('LIMIT_EXCEEDED', { limit: 'scorings', value: 1_000 });
  });
});

describe('AssignLead', () => {
  const next = { ownerId: idOf('next'), queueId: idOf('queue'), ruleId: 'round-robin@1' };
  const byRule = { name: 'AssignLead', data: {} } as const;

  it('takes the owner who is named', () => {
    given(captured)
      .when(commands.AssignLead, { next })
      .then({
        type: 'LeadAssigned',
        data: { leadId, ownerId: idOf('agent'), ruleId: 'manual', respondBy: RESPOND_BY },
      });
  });

  it('takes whose turn it is', () => {
    given(captured)
      .when(byRule, { next })
      .then({ type: 'LeadAssigned', data: { leadId, ...next, respondBy: RESPOND_BY } });
  });

  it('is refused when nobody is in the queue', () => {
    given(captured).when(byRule).refused('NO_OWNER_AVAILABLE');
  });

  it('promises a response by the grade', () => {
    const asked: unknown[] = [];
    const respondBy = (grade: unknown): null => {
      asked.push(grade);
      return null;
    };
    const scored = {
      type: 'LeadScored',
      data: { leadId, score: 75, grade: 'A', modelVersion: 'lead-scoring@1', factors: [] },
    } as const satisfies LeadFact;
    expect(given(captured).when(commands.AssignLead, { respondBy }).facts()).toMatchObject([
      { data: { respondBy: null } },
    ]);
    given(captured, scored).when(commands.AssignLead, { respondBy }).facts();
    expect(asked).toEqual([null, 'A']);
  });
});

describe('LogContactAttempt', () => {
  it('is possible 100 times', () => {
    const often = (count: number) => Array.from({ length: count }, () => attempted('NO_ANSWER'));
    expect(
      given(captured, assigned(), ...often(99))
        .when(commands.LogContactAttempt)
        .facts(),
    ).toHaveLength(1);
    given(captured, assigned(), ...often(100))
      .when(commands.LogContactAttempt)
      .refused('LIMIT_EXCEEDED', { limit: 'attempts', value: 100 });
  });
});

describe('FlagResponseOverdue', () => {
  const flag = (now: number, ...history: readonly LeadFact[]) =>
    given(captured, ...history).when(commands.FlagResponseOverdue, { now });

  it('says it at the instant that was promised, not before', () => {
    flag(RESPOND_BY - 1, assigned()).then([]);
    flag(RESPOND_BY, assigned()).then(overdue);
  });

  it('says it once per assignment', () => {
    flag(RESPOND_BY, assigned(), overdue).then([]);
    expect(flag(RESPOND_BY, assigned(), overdue, assigned('other')).facts()).toHaveLength(1);
  });

  it('has nothing to say without a promise', () => {
    flag(RESPOND_BY, assigned('agent', null)).then([]);
  });

  it('is forgotten when somebody reaches out or the lead goes on', () => {
    for (const then of [attempted(), nurtured, qualified, disqualified, assigned('other')])
      expect(given(captured, assigned(), overdue, then).state().overdue).toBe(false);
    for (const then of [attempted(), nurtured, qualified, disqualified])
      expect(given(captured, assigned(), then).state().respondBy).toBeNull();
  });
});

describe('NurtureLead and RecycleLead', () => {
  it('take the lead up again in 30 and in 90 days, unless somebody says when', () => {
    given(captured).when(commands.NurtureLead).then(nurtured);
    given(captured, disqualified)
      .when(commands.RecycleLead)
      .then({ type: 'LeadRecycled', data: { leadId, reengageOn: '2026-04-15' } });
    given(captured, disqualified)
      .when({ name: 'RecycleLead', data: { reengageOn: '2026-01-15' } })
      .then({ type: 'LeadRecycled', data: { leadId, reengageOn: '2026-01-15' } });
  });

  it('do not take it up in the past', () => {
    const past = { reengageOn: '2026-01-14' };
    given(captured, disqualified)
      .when({ name: 'RecycleLead', data: past })
      .refused('REENGAGE_IN_PAST', { today: '2026-01-15' });
    given(captured)
      .when({ name: 'NurtureLead', data: { programId: idOf('programme'), ...past } })
      .refused('REENGAGE_IN_PAST');
  });

  it('give a recycled lead a fresh start', () => {
    const recycled = { type: 'LeadRecycled', data: { leadId, reengageOn: '2026-04-15' } } as const;
    expect(given(captured, disqualified, recycled).state()).toMatchObject({
      status: 'Nurturing',
      reasonCode: null,
      reengageOn: '2026-04-15',
    });
  });
});

describe('QualifyLead', () => {
  const bant = {
    budget: { minor: 150_000, currency: 'CNY' },
    authority: 'she decides',
    need: 'two meters',
    timeline: '2026-01-31',
  };
  const qualify = (data: object) =>
    given(captured, assigned()).when({ name: 'QualifyLead', data: { level: 'SQL', ...data } });

  it('needs all four answers for sales, in the order of BANT', () => {
    qualify({}).refused('BANT_REQUIRED', { missing: ['budget', 'authority', 'need', 'timeline'] });
    for (const answer of ['budget', 'authority', 'need', 'timeline'] as const)
      qualify({ ...bant, [answer]: null }).refused('BANT_REQUIRED', { missing: [answer] });
    qualify(bant).then({
      type: 'LeadQualified',
      data: { leadId, level: 'SQL', ...bant, qualifiedBy: SCENARIO_CONTEXT.actor },
    });
  });

  it('needs none for marketing', () => {
    expect(qualify({ level: 'MQL' }).facts()).toHaveLength(1);
  });
});

describe('DisqualifyLead', () => {
  it('takes a reason of the policy', () => {
    const disqualify = (reasonCode: string) =>
      given(captured).when({ name: 'DisqualifyLead', data: { reasonCode } });
    disqualify('BORED').refused('UNKNOWN_REASON');
    disqualify('constructor').refused('UNKNOWN_REASON');
    expect(disqualify('SPAM').facts()).toHaveLength(1);
  });
});

describe('MarkLeadDuplicate', () => {
  const mark = (data: object, context = {}) =>
    given(captured).when({ name: 'MarkLeadDuplicate', data }, context);

  it('says what is repeated', () => {
    mark({ duplicateOfCustomerId: idOf('known') }).then({
      type: 'LeadMarkedDuplicate',
      data: { leadId, duplicateOfCustomerId: idOf('known') },
    });
  });

  it('repeats another one, which exists', () => {
    mark({ duplicateOfLeadId: leadId }).refused('DUPLICATE_OF_ITSELF');
    mark({ duplicateOfCustomerId: SCENARIO_CONTEXT.customerId }).refused('DUPLICATE_OF_ITSELF');
    mark({ duplicateOfLeadId: idOf('nothing') }, { original: false }).refused('UNKNOWN_LEAD');
  });
});

describe('RequestConversion', () => {
  const request = (history: readonly LeadFact[], data: object = {}, context = {}) =>
    given(...history).when(
      { name: 'RequestConversion', data: { ...commands.RequestConversion.data, ...data } },
      context,
    );
  const fresh = uuid5(SCENARIO_CONTEXT.commandId, 'conversionId');

  it('carries all that the other services need', () => {
    request(histories.Qualified).then({
      type: 'LeadConversionRequested',
      data: {
        ...card,
        leadId,
        conversionId: fresh,
        customerMode: 'NEW',
        customerKind: 'PERSON',
        opportunityMode: 'NEW',
        opportunityId: uuid5(fresh, 'opportunity'),
        opportunity: draft,
      },
    });
  });

  it('names the deal that is joined, or none', () => {
    const joined = { opportunityMode: 'EXISTING', opportunityId: idOf('deal'), opportunity: undefined };
    expect(request(histories.Qualified, joined).facts()).toMatchObject([
      { data: { opportunityId: idOf('deal') } },
    ]);
    const none = { opportunityMode: 'NONE', opportunity: undefined };
    expect(request(histories.Qualified, none).facts()[0]?.data).toMatchObject({ opportunityId: undefined });
  });

  it('keeps its id for a retry: every step meets the same streams', () => {
    const again = [...histories.Converting, failed];
    const deal = uuid5(conversionId, 'opportunity');
    expect(request(again).facts()).toMatchObject([{ data: { conversionId, opportunityId: deal } }]);
    expect(request(again, { conversionId }).facts()).toMatchObject([{ data: { conversionId } }]);
    request(again, { conversionId: idOf('another') }).refused('CONVERSION_STARTED', { conversionId });
    const named = idOf('named');
    expect(request(histories.Qualified, { conversionId: named }).facts()).toMatchObject([
      { data: { conversionId: named } },
    ]);
  });

  it('merges into a customer who is there, and is not the lead himself', () => {
    const into = (existingCustomerId: string, context = {}) =>
      request(histories.Qualified, { customerMode: 'EXISTING', existingCustomerId }, context);
    into(SCENARIO_CONTEXT.customerId).refused('SAME_CUSTOMER');
    into(idOf('known'), { gone: { survivorId: idOf('survivor') } }).refused('EXISTING_CUSTOMER_GONE', {
      survivorId: idOf('survivor'),
    });
    into(idOf('known'), { gone: { survivorId: null } }).refused('EXISTING_CUSTOMER_GONE');
    expect(into(idOf('known')).facts()).toMatchObject([{ data: { existingCustomerId: idOf('known') } }]);
  });

  it('makes nobody of erased data', () => {
    request(histories.Qualified, {}, { card: null }).refused('CUSTOMER_ERASED');
  });
});

describe('CompleteConversion', () => {
  it('says what the lead has become', () => {
    given(...histories.Converting)
      .when(commands.CompleteConversion)
      .then(converted);
  });
});

describe('FailConversion', () => {
  const fail = (progress: { readonly customer: boolean; readonly opportunity: boolean } | null) =>
    given(...histories.Converting).when(commands.FailConversion, { progress });

  it('names the step that did not succeed', () => {
    fail({ customer: false, opportunity: false }).then(failed);
    fail({ customer: false, opportunity: true }).then(failed);
    fail({ customer: true, opportunity: false }).then({
      ...failed,
      data: { ...failed.data, step: 'opportunity' },
    });
  });

  it('leaves a conversion alone of which everything has happened', () => {
    fail({ customer: true, opportunity: true }).then([]);
    fail(null).then([]);
  });

  it('keeps what was asked for, for the retry', () => {
    expect(given(...histories.Converting, failed).state()).toMatchObject({
      status: 'Qualified',
      conversion: { conversionId, customerMode: 'NEW', failedAt: 'customer' },
    });
    expect(given(...histories.Converting, failed, requested).state()).toMatchObject({
      status: 'Converting',
      conversion: { failedAt: null },
    });
  });
});
