import { uuid5 } from '@tenure/core';
import { policyBook, type AggregateSpec, type ContextSources } from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  assigned,
  assignment,
  captured,
  commands as examples,
  draft,
  given,
  histories,
  policies,
  scoring,
  shipped,
} from '../test/leads.ts';
import { commands } from './commands.ts';
import { LeadView } from './lead-view.ts';
import { AssignmentPolicy, LeadReasonsPolicy, ScoringPolicy } from './policy.ts';
import { leadService } from './service.ts';

const [aggregate] = leadService.aggregates as [AggregateSpec];
const accepts = (name: string, body: object): boolean | undefined =>
  commands[name]?.body.safeParse(body).success;

describe('the ids of a lead', () => {
  it('come from its source with the reference there, where there is one', () => {
    expect(aggregate.naturalKey?.({ source: 'EVENT', sourceRef: 'a' })).toEqual(['EVENT', 'a']);
    expect(aggregate.naturalKey?.({ source: 'EVENT' })).toBeNull();
    expect(aggregate.naturalKey?.({ source: 'EVENT', sourceRef: null })).toBeNull();
  });

  it('make the id of its party', async () => {
    const { customer } = aggregate;
    expect(typeof customer).toBe('function');
    if (typeof customer !== 'function') return;
    const creation = { id: idOf('lead'), named: null, body: {} };
    expect(await customer(creation, {} as ContextSources)).toBe(uuid5(idOf('lead'), 'customer'));
  });

  it('belong to its owner', () => {
    expect(aggregate.ownerOf?.(given(captured).state())).toBeNull();
    expect(aggregate.ownerOf?.(given(captured, assigned()).state())).toBe(idOf('agent'));
  });
});

describe('the bodies of the commands', () => {
  it('take what this specification sends', () => {
    for (const { name, data } of Object.values(examples))
      expect(commands[name]?.body.safeParse(data).error).toBeUndefined();
  });

  it('leave what a process knows to it', () => {
    expect(aggregate.internal).toEqual(['FlagResponseOverdue', 'CompleteConversion', 'FailConversion']);
    expect(accepts('AssignLead', { ownerId: idOf('a'), respondBy: 1 })).toBe(false);
    expect(accepts('ScoreLead', { score: 100 })).toBe(false);
  });

  it('keep a person to what a customer has room for', () => {
    const enrich = (fields: object) => accepts('EnrichLead', { fields, provider: 'registry' });
    expect(enrich({ biography: 'x'.repeat(4_000) })).toBe(true);
    expect(enrich({ name: 'x'.repeat(201) })).toBe(false);
    expect(enrich({ company: '' })).toBe(false);
    expect(enrich({})).toBe(false);
    expect(enrich({ 'Bad Name': 'x' })).toBe(false);
  });

  it('ask for exactly what a conversion needs', () => {
    const base = { customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'NONE' };
    const convert = (more: object) => accepts('RequestConversion', { ...base, ...more });
    expect(convert({})).toBe(true);
    expect(convert({ existingCustomerId: idOf('a') })).toBe(false);
    expect(convert({ customerMode: 'EXISTING' })).toBe(false);
    expect(convert({ customerMode: 'EXISTING', existingCustomerId: idOf('a') })).toBe(true);
    expect(convert({ opportunityMode: 'NEW' })).toBe(false);
    expect(convert({ opportunityMode: 'NEW', opportunity: draft })).toBe(true);
    expect(convert({ opportunityMode: 'NEW', opportunity: draft, opportunityId: idOf('a') })).toBe(false);
    expect(convert({ opportunityMode: 'EXISTING', opportunityId: idOf('a') })).toBe(true);
    expect(convert({ opportunityMode: 'EXISTING', opportunity: draft })).toBe(false);
    expect(convert({ opportunity: draft })).toBe(false);
  });

  it('repeat either a lead or a customer', () => {
    expect(accepts('MarkLeadDuplicate', {})).toBe(false);
    expect(
      accepts('MarkLeadDuplicate', { duplicateOfLeadId: idOf('a'), duplicateOfCustomerId: idOf('b') }),
    ).toBe(false);
  });
});

describe('the policies of leads', () => {
  it('ship in the form of their schemas', () => {
    for (const [schema, name] of [
      [ScoringPolicy, 'scoring'],
      [AssignmentPolicy, 'assignment'],
      [LeadReasonsPolicy, 'reasons'],
    ] as const)
      expect(schema.safeParse(shipped(`../policies/${name}.v1.json`)).error).toBeUndefined();
  });

  it('are in order', () => {
    const wrong = (more: object): string | undefined =>
      ScoringPolicy.safeParse({ ...scoring, ...more }).error?.issues[0]?.path.join('/');
    expect(wrong({ employees: scoring.employees.toReversed() })).toBe('employees');
    const { days, older } = scoring.freshness;
    expect(wrong({ freshness: { days: days.toReversed(), older } })).toBe('freshness');
    expect(wrong({ grades: { A: 50, B: 70, C: 30 } })).toBe('grades');
    expect(wrong({ source: { ...scoring.source, RUMOUR: 5 } })).toBe('source');
    expect(wrong({ surprise: true })).toBe('');
  });

  it('name a calendar that exists', () => {
    const { check } = leadService.policies?.find(({ policy }) => policy === 'lead-assignment') ?? {};
    expect(check?.(assignment, policies)).toEqual([]);
    expect(check?.({ ...assignment, calendar: 'lunar' } as AssignmentPolicy, policies)).toMatchObject([
      { path: '/calendar' },
    ]);
    expect(check?.(assignment, policyBook([]))).toHaveLength(1);
  });
});

describe('the view of a lead', () => {
  it('fits its schema in every state, with references where the edge will put values', () => {
    const about = { id: '00000000-0000-4000-8000-00003fffffff', zone: 'UTC' };
    const shape = Object.keys(LeadView.shape).toSorted();
    for (const history of Object.values(histories).slice(1)) {
      const view = aggregate.view.of(given(...history).state(), about);
      expect(Object.keys(view).toSorted()).toEqual(shape);
      expect(view).toMatchObject({ number: 'LD-260115-ZZZZZZ', person: { field: 'person' } });
      const plain = { ...view, person: { name: 'Ada' }, company: 'Engines' };
      expect(LeadView.strict().safeParse(plain).error).toBeUndefined();
    }
  });
});
