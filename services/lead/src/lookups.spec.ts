import type { DecodedEvent } from '@tenure/events';
import type { ProjectionDefinition } from '@tenure/projections';
import type { ContextSources, TableQuery } from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { assigned } from '../test/leads.ts';
import { assignments, deals, isInDeal, memberOf } from './lookups.ts';

const event = (source: string, stream: string, type: string, data: object, occurredAt = 1): DecodedEvent =>
  ({ source, stream, type, data, occurredAt, key: idOf('party') }) as unknown as DecodedEvent;

/** The documents that events make up, by id. */
const fold = (definition: ProjectionDefinition, ...events: readonly DecodedEvent[]) => {
  const documents = new Map<string, unknown>();
  for (const one of events) {
    const id = definition.documentId?.(one);
    const slice = definition.slices[one.source];
    if (id === undefined || id === null || slice === undefined) continue;
    documents.set(id, slice.on[one.type]?.(documents.get(id) ?? slice.init(), one, id));
  }
  return documents;
};

const lead = (name: string): string => `lead-${idOf(name)}`;

describe('the assignments', () => {
  const byRule = (who: string) => ({ ...assigned(who).data, ruleId: 'round-robin@1' });

  it('are those by the rule: the newest of each lead to each agent', () => {
    const documents = fold(
      assignments,
      event('lead', lead('a'), 'LeadAssigned', byRule('kim'), 1),
      event('lead', lead('a'), 'LeadAssigned', byRule('lee'), 2),
      event('lead', lead('a'), 'LeadAssigned', byRule('kim'), 3),
      event('lead', lead('b'), 'LeadAssigned', byRule('kim'), 2),
      event('lead', lead('c'), 'LeadAssigned', assigned('kim').data, 9),
      event('lead', lead('c'), 'LeadScored', {}, 9),
    );
    expect(Object.fromEntries(documents)).toEqual({
      [`${idOf('a')}.${idOf('kim')}`]: { ownerId: idOf('kim'), at: 3 },
      [`${idOf('a')}.${idOf('lee')}`]: { ownerId: idOf('lee'), at: 2 },
      [`${idOf('b')}.${idOf('kim')}`]: { ownerId: idOf('kim'), at: 2 },
    });
  });

  it('have the columns they are asked by', () => {
    const document = { id: 'x', slices: { lead: { ownerId: 'kim', at: 3 } }, summary: null };
    expect(assignments.columns.map(({ name, value }) => [name, value(document as never)])).toEqual([
      ['owner', 'kim'],
      ['assigned_at', 3],
    ]);
  });

  it('tell what the rule has given somebody', async () => {
    const asked: TableQuery[] = [];
    const table = (newest: number | null) =>
      ({
        async query(_: string, query: TableQuery) {
          asked.push(query);
          return newest === null ? [] : [{ columns: ['kim', newest] }];
        },
        count: async () => 4,
      }) as unknown as ContextSources['lookups'];
    expect(await memberOf(table(3), 'kim')).toEqual({ agentId: 'kim', newest: 3, given: 4 });
    expect(await memberOf(table(null), 'kim')).toEqual({ agentId: 'kim', newest: null, given: 0 });
    expect(asked[0]).toEqual({
      filters: [{ column: 'owner', op: 'eq', value: 'kim' }],
      sort: { column: 'assigned_at', descending: true },
      limit: 1,
    });
  });
});

describe('the deals', () => {
  const deal = (name: string): string => `opportunity-${idOf(name)}`;
  const opened = (originLeadId: string | null) => ({ originLeadId });
  const joined = (leadId: string | null) => ({ leadId, contactId: null, role: 'LEAD' });

  it('know the leads that are in them, each once', () => {
    const documents = fold(
      deals,
      event('opportunity', deal('one'), 'OpportunityOpened', opened('l1')),
      event('opportunity', deal('one'), 'OpportunityContactAttached', joined('l2')),
      event('opportunity', deal('one'), 'OpportunityContactAttached', joined('l2')),
      event('opportunity', deal('one'), 'OpportunityContactAttached', joined(null)),
      event('opportunity', deal('one'), 'OpportunityWon', {}),
      event('opportunity', deal('two'), 'OpportunityOpened', opened(null)),
      event('opportunity', deal('two'), 'OpportunityContactAttached', joined('l1')),
      event('opportunity', deal('three'), 'OpportunityOpened', opened(null)),
    );
    expect(Object.fromEntries(documents)).toEqual({
      [idOf('one')]: { leads: ['l1', 'l2'] },
      [idOf('two')]: { leads: ['l1'] },
    });
  });

  it('say whether a lead is in one', async () => {
    const table = {
      get: async (_: string, id: string) =>
        id === 'gone'
          ? { body: '' }
          : id === 'one'
            ? { body: JSON.stringify({ slices: { opportunity: { leads: ['l1'] } } }) }
            : undefined,
    } as unknown as ContextSources['lookups'];
    expect(await isInDeal(table, 'l1', 'one')).toBe(true);
    expect(await isInDeal(table, 'l2', 'one')).toBe(false);
    expect(await isInDeal(table, 'l1', 'two')).toBe(false);
    expect(await isInDeal(table, 'l1', 'gone')).toBe(false);
  });
});
