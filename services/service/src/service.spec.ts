import { uuid5 } from '@tenure/core';
import type { AggregateSpec, ContextSources, Lookups } from '@tenure/service-kit';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  commands as caseExamples,
  given,
  histories,
  OPENED,
  reopened,
  running,
  verified,
  type CaseFact,
} from '../test/cases.ts';
import {
  commands as complaintExamples,
  given as givenComplaint,
  histories as complaintHistories,
} from '../test/complaints.ts';
import { desk, policies, policiesWith } from '../test/shipped.ts';
import { serviceCase } from './case.ts';
import { noCase } from './case-parts.ts';
import type { CaseContext } from './case-parts.ts';
import { policyId } from './case-rules.ts';
import { CaseView } from './case-view.ts';
import { caseCommands, complaintCommands } from './commands.ts';
import { noComplaint, type ComplaintContext } from './complaint.ts';
import { ComplaintView } from './complaint-view.ts';
import { serviceService } from './service.ts';

const [caseSpec, complaintSpec] = serviceService.aggregates as [AggregateSpec, AggregateSpec];
const customer = idOf('customer');

/** Parties by customer: whom each was merged into. */
const sourcesWith = (more: {
  readonly cases?: Readonly<Record<string, { readonly key: string; readonly status: string }>>;
  readonly absorbed?: Readonly<Record<string, string>>;
  readonly counts?: Lookups['count'];
  readonly agents?: readonly object[];
  readonly complaint?: object;
}): ContextSources => {
  const agents = { policy: 'agents', version: 2, validFrom: '1970-01-01', agents: more.agents ?? [] };
  const party = (id: string) => ({
    redirect: null,
    body: JSON.stringify({
      slices: { customer: { ownerId: null, standing: 'absorbed', survivorId: more.absorbed?.[id] } },
    }),
  });
  return {
    policies: policiesWith(agents),
    lookups: {
      get: async (_: string, id: string) => (more.absorbed?.[id] === undefined ? undefined : party(id)),
      count: more.counts ?? (async () => 0),
    },
    read: async (aggregate: string, id: string) => {
      if (aggregate === 'complaint') return { state: more.complaint ?? noComplaint, key: null };
      const known = more.cases?.[id];
      return known === undefined
        ? { state: noCase, key: null }
        : { state: { ...noCase, status: known.status }, key: known.key };
    },
  } as unknown as ContextSources;
};

const contextOf = (sources: ContextSources, name: string, data: object = {}) =>
  caseSpec.context?.(sources, {
    name,
    data,
    base: { ...SCENARIO_CONTEXT, customerId: customer, today: '2026-03-17' },
  }) as Promise<CaseContext>;

describe('whose a new case is', () => {
  const whose = (named: string | null, body: object = {}, cases = {}) => {
    if (typeof caseSpec.customer !== 'function') throw new Error('it is derived');
    return caseSpec.customer({ id: idOf('case'), named, body }, sourcesWith({ cases }));
  };

  it('is that of whoever is named, else of the case it follows, else of a party of its own', async () => {
    const followsCaseId = idOf('followed');
    const cases = { [followsCaseId]: { key: idOf('other'), status: 'Closed' } };
    expect(await whose(customer, { followsCaseId }, cases)).toBe(customer);
    expect(await whose(null, { followsCaseId }, cases)).toBe(idOf('other'));
    expect(await whose(null, { followsCaseId })).toBe(uuid5(idOf('case'), 'customer'));
    expect(await whose(null)).toBe(uuid5(idOf('case'), 'customer'));
  });

  it('has the id of its interaction', () => {
    const interactionId = idOf('call');
    expect(caseSpec.naturalKey?.({ interactionId })).toEqual([interactionId]);
    expect(caseSpec.naturalKey?.({})).toBeNull();
  });
});

describe('what deciders of a case know', () => {
  it('are the rules and promises in force, and those that a stream has recorded', async () => {
    const known = await contextOf(sourcesWith({}), 'VerifyEntitlement');
    expect(known.desk).toEqual(desk);
    expect(known.slaAt('premium')?.calendar).toBe('always');
    expect(known.slaAt('gold')).toBeNull();
    expect(known.sla('standard', 1).version).toBe(1);
    expect(known.calendarVersionAt('business')).toBe(1);
    expect(known.calendar('business', 1)).toBe(known.calendar('business', 1));
    expect(known.zone).toBe('UTC');
  });

  it('is how many cases of the customer are open, when another is opened', async () => {
    const asked: unknown[] = [];
    const counts: Lookups['count'] = async (table, filters) => {
      asked.push([table, filters]);
      return 7;
    };
    expect((await contextOf(sourcesWith({ counts }), 'OpenCase')).openCases).toBe(7);
    expect((await contextOf(sourcesWith({ counts }), 'ResolveCase')).openCases).toBe(0);
    const open = { column: 'status', op: 'in', value: ['New', 'Assigned', 'InProgress', 'PendingCustomer'] };
    expect(asked).toEqual([['cases', [{ column: 'customer_id', op: 'eq', value: customer }, open]]]);
  });

  it('is the other case that is named, and whether it is the same customer, also after a merge', async () => {
    const other = idOf('other case');
    const of = (key: string, absorbed = {}) =>
      contextOf(sourcesWith({ cases: { [other]: { key, status: 'Closed' } }, absorbed }), 'MergeCase', {
        intoCaseId: other,
      });
    expect((await of(customer)).other).toEqual({ status: 'Closed', sameCustomer: true });
    expect((await of(idOf('stranger'))).other).toEqual({ status: 'Closed', sameCustomer: false });
    expect((await of(idOf('former'), { [idOf('former')]: customer })).other?.sameCustomer).toBe(true);
    expect((await contextOf(sourcesWith({}), 'MergeCase', { intoCaseId: other })).other).toBeNull();
    expect((await contextOf(sourcesWith({}), 'OpenCase')).other).toBeNull();
  });

  it('are the agents of the queue with the skill, and how busy they are', async () => {
    const agent = (name: string, queues: readonly string[], skills: readonly string[] = []) => ({
      ...{ id: idOf(name), name, team: 'north', queues, skills },
    });
    const agents = [
      agent('ann', ['service'], ['optics']),
      agent('ben', ['service', 'field']),
      agent('cai', ['sales'], ['optics']),
    ];
    const counts: Lookups['count'] = async (_, [first]) => (first?.value === idOf('ann') ? 4 : 2);
    const ask = async (data: object) =>
      (await contextOf(sourcesWith({ agents, counts }), 'AssignCase', data)).candidates;
    const ann = { agentId: idOf('ann'), openCases: 4 };
    const ben = { agentId: idOf('ben'), openCases: 2 };
    expect(await ask({})).toEqual([ann, ben]);
    expect(await ask({ skill: 'optics' })).toEqual([ann]);
    expect(await ask({ queueId: policyId('field') })).toEqual([ben]);
    expect(await ask({ queueId: idOf('nowhere') })).toEqual([]);
    expect(await ask({ agentId: idOf('ann') })).toEqual([]);
  });
});

describe('what deciders of a complaint know', () => {
  it('are the rules it was registered under', async () => {
    const book = policiesWith({ ...desk, version: 2, validFrom: '2026-01-01' });
    const ask = (complaint: object) =>
      complaintSpec.context?.(
        { ...sourcesWith({ complaint }), policies: book },
        {
          name: 'OfferRemedy',
          data: {},
          base: { ...SCENARIO_CONTEXT, today: '2026-03-17' },
        },
      ) as Promise<ComplaintContext>;
    expect((await ask(noComplaint)).desk.version).toBe(2);
    expect((await ask({ ...noComplaint, policyVersion: 1 })).desk.version).toBe(1);
    expect((await ask(noComplaint)).homeCurrency).toBe('CNY');
  });
});

describe('the bodies of the commands', () => {
  it('take what these specifications send', () => {
    for (const [examples, specs] of [
      [caseExamples, caseCommands],
      [complaintExamples, complaintCommands],
    ] as const)
      for (const { name, data } of Object.values(examples))
        expect([name, specs[name]?.body.safeParse(data).error]).toEqual([name, undefined]);
  });

  it('keep clocks to the process and the timer', () => {
    expect(caseSpec.internal).toEqual(['StartSlaClock', 'BreachSla']);
    expect(complaintSpec.internal).toBeUndefined();
  });

  it.each([
    [{ kind: 'APOLOGY' }, true],
    [{ kind: 'APOLOGY', points: 1 }, false],
    [{ kind: 'POINTS', points: 300 }, true],
    [{ kind: 'POINTS' }, false],
    [{ kind: 'POINTS', points: 0 }, false],
    [{ kind: 'POINTS', points: 3, value: { minor: 1, currency: 'CNY' } }, false],
    [{ kind: 'REFUND', value: { minor: 1, currency: 'CNY' } }, true],
    [{ kind: 'REFUND', value: { minor: 0, currency: 'CNY' } }, false],
    [{ kind: 'REFUND', value: { minor: -1, currency: 'CNY' } }, false],
    [{ kind: 'DISCOUNT' }, false],
    [{ kind: 'VOUCHER', value: null }, false],
    [{ kind: 'REPLACEMENT' }, true],
    [{ kind: 'REPLACEMENT', value: { minor: 1, currency: 'CNY' } }, true],
  ])('of a remedy %j: %s', (remedy, fits) => {
    expect(complaintCommands['OfferRemedy']?.body.safeParse(remedy).success).toBe(fits);
  });
});

describe('the views', () => {
  const about = { id: '00000000-0000-4000-8000-00003fffffff', zone: 'UTC' };

  // A reference stands where the edge puts the text.
  const shown = (view: object): unknown =>
    JSON.parse(JSON.stringify(view), (_, value: unknown) =>
      typeof value === 'object' && value !== null && '$sealed' in value ? 'a text' : value,
    );

  it('of a case fits its schema in every state', () => {
    for (const history of [...Object.values(histories).slice(1), [...histories.Resolved, reopened(1)]]) {
      const view = caseSpec.view.of(given(...history).state(), about);
      expect(CaseView.strict().safeParse(shown(view)).error).toBeUndefined();
      expect(view).toMatchObject({ number: 'CS-260317-ZZZZZZ', openedAt: '2026-03-17T00:00:00.000Z' });
    }
  });

  it('of a complaint fits its schema in every state', () => {
    for (const history of Object.values(complaintHistories).slice(1)) {
      const view = complaintSpec.view.of(givenComplaint(...history).state(), about);
      expect(ComplaintView.strict().safeParse(shown(view)).error).toBeUndefined();
      expect(view).toMatchObject({ number: 'CP-260115-ZZZZZZ' });
    }
  });

  it('show clocks with their time, or standing still', () => {
    const clocks = (...history: readonly CaseFact[]) =>
      (caseSpec.view.of(given(...history).state(), about) as { clocks: readonly object[] }).clocks;
    expect(clocks(...running)).toMatchObject([
      { kind: 'FIRST_RESPONSE', dueAt: '2026-03-17T14:00:00.000Z', breached: false },
      { kind: 'RESOLUTION', dueAt: '2026-03-23T18:00:00.000Z' },
    ]);
    expect(clocks(...histories.PendingCustomer)).toMatchObject([{ dueAt: null }, { dueAt: null }]);
    expect(clocks(...histories.Resolved)).toEqual([]);
  });

  it('belong to the agent of the case', () => {
    expect(caseSpec.ownerOf?.(given(...histories.Assigned).state())).toBe(idOf('agent'));
    expect(caseSpec.ownerOf?.(given(...running).state())).toBeNull();
  });
});

it('knows every command and event of its models', () => {
  expect(Object.keys(caseCommands)).toEqual(Object.keys(serviceCase.transitions));
  expect(OPENED).toBe(verified.occurredAt);
  expect(policies.at<typeof desk>('desk', '2026-03-17')).toEqual(desk);
});
