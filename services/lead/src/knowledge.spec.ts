import { tenureNamespace, uuid5 } from '@tenure/core';
import type { PersonCard } from '@tenure/events/generated/lead';
import type { ContextSources, Party, PolicyHead } from '@tenure/service-kit';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  assignment,
  attempted,
  assigned,
  captured,
  given,
  histories,
  leadId,
  policiesWith,
  requested,
  sealed,
  type LeadFact,
} from '../test/leads.ts';
import { leadContext } from './knowledge.ts';
import type { LeadContext } from './lead-state.ts';

type World = {
  readonly history?: readonly LeadFact[];
  /** What the sealed references open to: `person`, `company`, or a field. None: the keys are destroyed. */
  readonly opened?: Readonly<Record<string, unknown>>;
  readonly policies?: readonly PolicyHead[];
  readonly parties?: Readonly<Record<string, Party>>;
  /** Newest assignment by agent. */
  readonly assignedAt?: Readonly<Record<string, number>>;
  readonly exists?: boolean;
};

const ada: PersonCard = { name: 'Ada', email: 'ada@example.org', phone: '138 0013 8000', jobTitle: 'Buyer' };

const known = (
  name: string,
  data: object,
  world: World = {},
  now = SCENARIO_CONTEXT.now,
): Promise<LeadContext> => {
  const { history = [captured], opened = {}, parties = {}, assignedAt = {}, exists = true } = world;
  const sources = {
    policies: policiesWith(...(world.policies ?? [])),
    lookups: {
      async get(_: string, id: string) {
        const party = parties[id];
        return party && { redirect: null, body: JSON.stringify({ slices: { customer: party } }) };
      },
      async query(_: string, { filters }: { filters: readonly { value: string }[] }) {
        const at = assignedAt[filters[0]?.value ?? ''];
        return at === undefined ? [] : [{ columns: ['', at] }];
      },
      count: async () => 1,
    },
    read: async (_: string, id: string) => ({
      state: given(...history).state(),
      revision: 0,
      key: exists || id === leadId ? idOf('party') : null,
      open: (ref: { field: string; entry?: string } | null) =>
        ref === null ? null : (opened[ref.entry ?? ref.field] ?? null),
    }),
  } as unknown as ContextSources;
  return leadContext(sources, { name, data, base: { ...SCENARIO_CONTEXT, now } });
};

const enriched = (...fieldNames: readonly string[]) =>
  ({
    type: 'LeadEnriched',
    data: { leadId, fieldNames, fields: sealed<Record<string, string>>('fields'), provider: 'registry' },
  }) as const satisfies LeadFact;

describe('the facts of a score', () => {
  it('are classes of what the lead came with', async () => {
    const { facts } = await known('ScoreLead', {}, { opened: { person: ada, company: 'Engines' } });
    expect(facts).toEqual({
      source: 'WEB_FORM',
      hasEmail: true,
      hasPhone: true,
      jobTitle: 'Buyer',
      hasCompany: true,
      employees: null,
      interests: 1,
      isReferred: false,
      outcome: null,
      ageDays: 0,
    });
  });

  it('count addresses that can be used', async () => {
    const person = { ...ada, email: 'info@example.org', phone: '123' };
    const { facts } = await known('ScoreLead', {}, { opened: { person, company: ' ' } });
    expect(facts).toMatchObject({ hasEmail: false, hasPhone: false, hasCompany: false });
  });

  it('prefer what was added later', async () => {
    const opened = { person: ada, jobTitle: 'CEO', email: 'sales@example.org', employees: '1,200' };
    const history = [captured, enriched('jobTitle', 'email', 'employees')];
    const { facts } = await known('ScoreLead', {}, { history, opened });
    expect(facts).toMatchObject({ jobTitle: 'CEO', hasEmail: false, hasPhone: true, employees: 1_200 });
    const words = await known('ScoreLead', {}, { history, opened: { ...opened, employees: 'many' } });
    expect(words.facts).toMatchObject({ employees: null });
  });

  it('know the newest attempt and the days since the capture', async () => {
    const history = [{ ...captured, occurredAt: Date.UTC(2026, 0, 7, 23, 59) }, assigned(), attempted()];
    const { facts } = await known('ScoreLead', {}, { history });
    expect(facts).toMatchObject({ outcome: 'REACHED', ageDays: 8 });
  });

  it('are those of a stranger when the keys are destroyed', async () => {
    const { facts } = await known('ScoreLead', {}, { history: [captured, enriched('jobTitle')] });
    expect(facts).toMatchObject({ hasEmail: false, hasPhone: false, jobTitle: null, hasCompany: false });
  });
});

describe('the instant of a promised response', () => {
  const respondBy = async (now: string, grade: 'A' | 'B' | 'C' | 'D' | null) => {
    const at = (await known('AssignLead', { ownerId: idOf('agent') }, {}, Date.parse(now))).respondBy(grade);
    return at === null ? null : new Date(at).toISOString();
  };

  it('counts business minutes by grade', async () => {
    // Thursday, 10:00: the noon break does not count.
    expect(await respondBy('2026-01-15T10:00:00Z', 'A')).toBe('2026-01-15T10:30:00.000Z');
    expect(await respondBy('2026-01-15T10:00:00Z', 'B')).toBe('2026-01-15T12:00:00.000Z');
    expect(await respondBy('2026-01-15T10:00:00Z', 'C')).toBe('2026-01-16T10:00:00.000Z');
    expect(await respondBy('2026-01-15T10:00:00Z', 'D')).toBeNull();
    expect(await respondBy('2026-01-15T10:00:00Z', null)).toBe('2026-01-16T10:00:00.000Z');
    // Monday at midnight, and Friday evening.
    expect(await respondBy('2026-01-05T00:00:00Z', 'B')).toBe('2026-01-05T11:00:00.000Z');
    expect(await respondBy('2026-01-16T17:50:00Z', 'A')).toBe('2026-01-19T09:20:00.000Z');
  });
});

describe('whose turn it is', () => {
  const agent = (name: string, ...queues: readonly string[]) => ({
    id: idOf(name),
    name,
    team: 'north',
    queues,
    skills: [],
  });
  const agents = {
    policy: 'agents',
    version: 1,
    validFrom: '1970-01-01',
    agents: [agent('kim', 'sales'), agent('lee', 'sales'), agent('max', 'north'), agent('ann')],
  };
  const territoryId = idOf('territory');
  const next = async (world: World) => (await known('AssignLead', {}, { policies: [agents], ...world })).next;

  it('is told by the queue of sales', async () => {
    const chosen = { queueId: uuid5(tenureNamespace('policy'), 'sales'), ruleId: 'round-robin@1' };
    expect(await next({})).toEqual({ ownerId: idOf('kim'), ...chosen });
    expect(await next({ assignedAt: { [idOf('kim')]: 1 } })).toEqual({ ownerId: idOf('lee'), ...chosen });
    expect(await next({ assignedAt: { [idOf('kim')]: 1, [idOf('lee')]: 2 } })).toMatchObject({
      ownerId: idOf('kim'),
    });
  });

  it('is told by the queue of the territory, where it has one', async () => {
    const history = [{ ...captured, data: { ...captured.data, territoryId } }];
    expect(await next({ history })).toMatchObject({ ownerId: idOf('kim') });
    const north = { ...assignment, territories: { [territoryId]: 'north' } };
    expect(await next({ history, policies: [agents, north] })).toMatchObject({
      ownerId: idOf('max'),
      queueId: uuid5(tenureNamespace('policy'), 'north'),
    });
  });

  it('is nobody’s where the queue is empty, as it ships', async () => {
    expect((await known('AssignLead', {})).next).toBeNull();
    expect(await next({ policies: [{ ...agents, agents: [agent('ann')] } as PolicyHead] })).toBeNull();
  });

  it('is not asked when an owner is named', async () => {
    expect((await known('AssignLead', { ownerId: idOf('ann') }, { policies: [agents] })).next).toBeNull();
  });
});

describe('what else a decider knows', () => {
  it('is the person as known now, for a conversion', async () => {
    const opened = { person: ada, company: 'Engines', phone: '139 0013 9000' };
    const { card } = await known('RequestConversion', {}, { history: [captured, enriched('phone')], opened });
    expect(card).toEqual({ person: { ...ada, phone: '139 0013 9000' }, company: 'Engines' });
    expect((await known('RequestConversion', {})).card).toBeNull();
  });

  it('is where the customer of a conversion has gone', async () => {
    const existingCustomerId = idOf('known');
    const gone = async (party: Party | undefined) => {
      const parties = party === undefined ? {} : { [existingCustomerId]: party };
      return (await known('RequestConversion', { existingCustomerId }, { parties })).gone;
    };
    expect(await gone(undefined)).toBeNull();
    expect(await gone({ ownerId: null, standing: 'present', survivorId: null })).toBeNull();
    expect(await gone({ ownerId: null, standing: 'erased', survivorId: null })).toEqual({ survivorId: null });
    expect(await gone({ ownerId: null, standing: 'absorbed', survivorId: 's' })).toEqual({ survivorId: 's' });
  });

  it('is whether the lead that is repeated exists', async () => {
    const original = async (body: object, exists: boolean) =>
      (await known('MarkLeadDuplicate', body, { exists })).original;
    expect(await original({ duplicateOfLeadId: idOf('other') }, true)).toBe(true);
    expect(await original({ duplicateOfLeadId: idOf('other') }, false)).toBe(false);
    expect(await original({ duplicateOfCustomerId: idOf('other') }, false)).toBe(true);
  });

  it('is how far a conversion has come, when it is to fail', async () => {
    const parties = {
      [SCENARIO_CONTEXT.customerId]: {
        ownerId: null,
        standing: 'present',
        survivorId: null,
        registered: true,
      },
    } as const;
    const progress = async (world: World) => (await known('FailConversion', {}, world)).progress;
    expect(await progress({ history: histories.Converting, parties })).toEqual({
      customer: true,
      opportunity: true,
    });
    const deal = { ...requested, data: { ...requested.data, opportunityId: idOf('deal') } };
    expect(await progress({ history: [...histories.Qualified, deal] })).toEqual({
      customer: false,
      opportunity: false,
    });
    expect(await progress({})).toBeNull();
  });

  it('are the days and codes of the policies', async () => {
    const context = await known('NurtureLead', {});
    expect(context).toMatchObject({ nurtureDays: 30, recycleDays: 90 });
    expect(Object.keys(context.reasons)).toContain('WRONG_CONTACT');
  });
});
