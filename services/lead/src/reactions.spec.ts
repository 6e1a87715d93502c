import type { DecodedEvent } from '@tenure/events';
import type { ContextSources, IssuedCommand } from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  conversionId,
  draft,
  failed,
  given,
  histories,
  policies,
  requested,
  type LeadFact,
} from '../test/leads.ts';
import { commands } from './commands.ts';
import type { LeadState } from './lead-state.ts';
import { leadConversion } from './reactions.ts';

const [leadId, party, dealId] = [idOf('lead'), idOf('party'), idOf('deal')];

/** What the service's tables know. */
type Known = {
  readonly party?: { readonly standing: string; readonly registered?: true };
  /** The leads in the deal. */
  readonly inDeal?: readonly string[];
};

const sourcesOf = (state: LeadState, { party: known, inDeal = [] }: Known): ContextSources =>
  ({
    policies,
    lookups: {
      async get(table: string, id: string) {
        const slices =
          table === 'party' && id === party && known !== undefined
            ? { customer: { ownerId: null, survivorId: null, ...known } }
            : table === 'deals' && id === dealId
              ? { opportunity: { leads: inDeal } }
              : null;
        return slices === null ? undefined : { redirect: null, body: JSON.stringify({ slices }) };
      },
      query: async (_: string, { filters }: { filters: readonly { value: string }[] }) =>
        filters[0]?.value === party ? [{ id: leadId }] : [],
    },
    read: async (_: string, id: string) => ({ state, revision: 1, key: id === leadId ? party : null }),
  }) as unknown as ContextSources;

const event = (type: string, data: object, key = party): DecodedEvent =>
  ({ type, stream: `x-${leadId}`, key, data }) as unknown as DecodedEvent;

const withDeal: LeadFact = {
  ...requested,
  data: { ...requested.data, opportunityMode: 'NEW', opportunityId: dealId, opportunity: draft },
};
const intoExisting: LeadFact = {
  ...requested,
  data: { ...requested.data, customerMode: 'EXISTING', existingCustomerId: idOf('known') },
};
const after = (...facts: readonly LeadFact[]): LeadState => given(...histories.Qualified, ...facts).state();

const reactTo = async (
  one: DecodedEvent,
  state: LeadState,
  known: Known,
): Promise<readonly IssuedCommand[]> => {
  const gathered = (await leadConversion.gather?.(sourcesOf(state, known), one)) ?? {};
  return leadConversion.react(one, { policies, zone: 'UTC', gathered });
};
const namesOf = (issued: readonly IssuedCommand[]): readonly string[] => issued.map(({ command }) => command);

const registered = { party: { standing: 'present', registered: true } } as const;
const absorbed = { party: { standing: 'absorbed' } } as const;

/** Every event that may be the last one, with what is known when it comes. */
const EVENTS: readonly DecodedEvent[] = [
  event('LeadConversionRequested', {}),
  event('CustomerRegistered', { originLeadId: leadId }),
  event('CustomerAbsorbed', { survivorId: idOf('known') }),
  event('OpportunityOpened', { originLeadId: leadId }, idOf('known')),
  event('OpportunityContactAttached', { leadId }, idOf('known')),
];

describe('LeadConversion', () => {
  it('listens to everything that may be its last step', () => {
    const heard = Object.values(leadConversion.on).flat();
    expect(EVENTS.map(({ type }) => type).toSorted()).toEqual(heard.toSorted());
  });

  it.each(EVENTS.map((one) => [one.type, one] as const))(
    'is completed on %s when all is done',
    async (_, one) => {
      expect(await reactTo(one, after(withDeal), { ...registered, inDeal: [leadId] })).toEqual([
        {
          aggregate: 'lead',
          id: leadId,
          customerId: party,
          command: 'CompleteConversion',
          body: {},
          once: conversionId,
        },
      ]);
      expect(namesOf(await reactTo(one, after(requested), registered))).toEqual(['CompleteConversion']);
      expect(namesOf(await reactTo(one, after(intoExisting), absorbed))).toEqual(['CompleteConversion']);
    },
  );

  it.each(EVENTS.map((one) => [one.type, one] as const))(
    'waits on %s for what is missing',
    async (_, one) => {
      for (const [state, known] of [
        [after(withDeal), registered],
        [after(withDeal), { inDeal: [leadId] }],
        [after(withDeal), { ...registered, inDeal: [idOf('another lead')] }],
        [after(requested), {}],
        // Known by its id only, after a merge that was undone.
        [after(requested), { party: { standing: 'present' } }],
        [after(intoExisting), registered],
        [after(), { ...registered, inDeal: [leadId] }],
      ] as const)
        expect(await reactTo(one, state, known)).toEqual([]);
    },
  );

  it('takes a party that was merged meanwhile for the customer it became', async () => {
    const [, , one] = EVENTS as [unknown, unknown, DecodedEvent];
    expect(namesOf(await reactTo(one, after(requested), absorbed))).toEqual(['CompleteConversion']);
  });

  it('asks again for what has succeeded too late, and completes it', async () => {
    const late = await reactTo(EVENTS[3] as DecodedEvent, after(withDeal, failed), {
      ...registered,
      inDeal: [leadId],
    });
    expect(namesOf(late)).toEqual(['RequestConversion', 'CompleteConversion']);
    expect(late[0]?.body).toEqual({
      conversionId,
      customerMode: 'NEW',
      existingCustomerId: null,
      customerKind: 'PERSON',
      opportunityMode: 'NEW',
      opportunity: draft,
    });
    expect(commands['RequestConversion']?.body.safeParse(late[0]?.body).error).toBeUndefined();
    const joined: LeadFact = {
      ...requested,
      data: { ...requested.data, opportunityMode: 'EXISTING', opportunityId: dealId },
    };
    const [again] = await reactTo(EVENTS[4] as DecodedEvent, after(joined, failed), {
      ...registered,
      inDeal: [leadId],
    });
    expect(commands['RequestConversion']?.body.safeParse(again?.body).success).toBe(true);
    expect(again?.body).toMatchObject({ opportunityId: dealId });
  });

  it('does not ask again while something is missing', async () => {
    expect(await reactTo(EVENTS[1] as DecodedEvent, after(withDeal, failed), registered)).toEqual([]);
  });

  it('leaves alone what is over, what has no lead, and whoever is no lead', async () => {
    const done = { ...registered, inDeal: [leadId] };
    for (const status of ['Converted', 'Disqualified', 'New'] as const)
      expect(await reactTo(EVENTS[1] as DecodedEvent, given(...histories[status]).state(), done)).toEqual([]);
    for (const one of [
      event('CustomerRegistered', { originLeadId: null }),
      event('CustomerRegistered', { originLeadId: idOf('unknown lead') }),
      event('OpportunityOpened', { originLeadId: null }),
      event('OpportunityContactAttached', { leadId: null }),
      event('CustomerAbsorbed', { survivorId: party }, idOf('somebody')),
    ])
      expect(await reactTo(one, after(withDeal), done)).toEqual([]);
  });
});
