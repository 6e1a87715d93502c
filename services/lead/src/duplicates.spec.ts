import type { DecodedEvent } from '@tenure/events';
import type { ContextSources, Party } from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { captured, disqualified, given, policies, type LeadFact } from '../test/leads.ts';
import { commands } from './commands.ts';
import { duplicateWatch } from './duplicates.ts';
import { noLead } from './lead-state.ts';

const [left, right] = [idOf('left party'), idOf('right party')];
const [early, late] = [idOf('early lead'), idOf('late lead')];

type Leads = Readonly<Record<string, { readonly party: string; readonly history: readonly LeadFact[] }>>;

const at = (occurredAt: number, ...more: readonly LeadFact[]): readonly LeadFact[] => [
  { ...captured, occurredAt },
  ...more,
];
const both: Leads = {
  [early]: { party: left, history: at(1) },
  [late]: { party: right, history: at(2) },
};

const reactTo = async (
  leads: Leads,
  more: { readonly score?: number; readonly parties?: Readonly<Record<string, Party>> } = {},
  keys: readonly [string, string] = [early, late],
) => {
  const { score = 95, parties = {} } = more;
  const [leftKey, rightKey] = keys;
  const evidence = [
    { kind: 'EMAIL', score: 75, leftKey, rightKey },
    { kind: 'NAME', score: 20, leftKey, rightKey },
  ];
  const data = { leftId: left, rightId: right, score, evidence };
  const event = { type: 'MatchProposed', occurredAt: 1, data } as unknown as DecodedEvent;
  const sources = {
    lookups: {
      async get(_: string, id: string) {
        const party = parties[id];
        return party && { redirect: null, body: JSON.stringify({ slices: { customer: party } }) };
      },
    },
    async read(_: string, id: string) {
      const found = leads[id];
      return found === undefined
        ? { key: null, state: noLead }
        : { key: found.party, state: given(...found.history).state() };
    },
  } as unknown as ContextSources;
  const gathered = (await duplicateWatch.gather?.(sources, event)) ?? {};
  return duplicateWatch.react(event, { policies, zone: 'UTC', gathered });
};

const marked = (id: string, customerId: string, duplicateOfLeadId: string) => [
  { aggregate: 'lead', id, customerId, command: 'MarkLeadDuplicate', body: { duplicateOfLeadId } },
];

describe('DuplicateWatch', () => {
  it('marks the later of two leads, on whichever side it is', async () => {
    expect(await reactTo(both)).toEqual(marked(late, right, early));
    const turned = { [early]: { party: left, history: at(3) }, [late]: { party: right, history: at(2) } };
    const issued = await reactTo(turned);
    expect(issued).toEqual(marked(early, left, late));
    expect(commands['MarkLeadDuplicate']?.body.safeParse(issued[0]?.body).success).toBe(true);
  });

  it('decides by the id where both came at once', async () => {
    const once = { [early]: { party: left, history: at(1) }, [late]: { party: right, history: at(1) } };
    const [first, second] = [early, late].toSorted() as [string, string];
    expect(await reactTo(once)).toMatchObject([{ id: second, body: { duplicateOfLeadId: first } }]);
  });

  it('needs certainty', async () => {
    expect(await reactTo(both, { score: 94 })).toEqual([]);
  });

  it('never marks a lead of somebody who is registered or merged: it may be new business', async () => {
    const party = { ownerId: null, standing: 'present', survivorId: null } as const;
    for (const known of [
      { ...party, registered: true },
      { ...party, standing: 'absorbed' },
    ] as const)
      for (const id of [left, right]) expect(await reactTo(both, { parties: { [id]: known } })).toEqual([]);
    // Known by the id only, after a merge that was undone.
    expect(await reactTo(both, { parties: { [left]: party } })).toHaveLength(1);
  });

  it('lets a lead live whose forerunner is over', async () => {
    expect(await reactTo({ ...both, [early]: { party: left, history: at(1, disqualified) } })).toEqual([]);
    expect(await reactTo({ ...both, [late]: { party: right, history: at(2, disqualified) } })).toHaveLength(
      1,
    );
  });

  it('knows parties that were recognised by something else than a lead', async () => {
    expect(await reactTo({ [early]: both[early] as Leads[string] })).toEqual([]);
    expect(await reactTo(both, {}, [idOf('contact point'), late])).toEqual([]);
    expect(await reactTo({ ...both, [late]: { party: idOf('somebody'), history: at(2) } })).toEqual([]);
  });
});
