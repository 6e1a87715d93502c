import { canonicalJson, parseInstant } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import type { Document } from '@tenure/projections';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bought,
  day,
  happened,
  idOf,
  orderStory,
  recorded,
  sealed,
  shipped,
  usd,
  type Told,
} from '../test/stories.ts';
import { customer360 } from './customer-360.ts';

const definition = customer360('UTC', shipped);
type Sources = Readonly<Record<'customer' | 'order', readonly DecodedEvent[]>>;

const initial = (): Record<string, unknown> =>
  Object.fromEntries(Object.entries(definition.slices).map(([source, { init }]) => [source, init()]));
const fold = (slices: Record<string, unknown>, event: DecodedEvent): Record<string, unknown> => ({
  ...slices,
  [event.source]: definition.slices[event.source]?.on[event.type]?.(
    slices[event.source],
    event,
    idOf('customer'),
  ),
});
const documentOf = (events: Iterable<DecodedEvent>, today: string | null = day(0)): Document => {
  let slices = initial();
  for (const event of events) slices = fold(slices, event);
  const summary = today === null ? null : definition.summarise?.(slices, { date: today, zone: 'UTC' });
  return { id: idOf('customer'), slices, summary };
};
const event = <T extends keyof CustomerEvents>(
  type: T,
  data: Partial<CustomerEvents[T]>,
  on = day(0),
): Told => ({
  type,
  on,
  data,
});
const registered = event('CustomerRegistered', {
  kind: 'PERSON',
  displayName: sealed('registration', 'displayName'),
  locale: 'en-US',
  timeZone: 'UTC',
  homeCurrency: 'USD',
  ownerId: idOf('owner'),
});

describe('what a customer is found by', () => {
  const found = (...told: readonly Told[]) => definition.search?.(documentOf(recorded('customer', told)));

  it('is his name and his live addresses, by kind', () => {
    const point = (channel: 'EMAIL' | 'PHONE' | 'SMS' | 'POSTAL') =>
      event('ContactPointAdded', {
        contactPointId: idOf(channel),
        channel,
        value: sealed(channel, 'value'),
        primary: true,
      });
    const gone = event('ContactPointRetired', { contactPointId: idOf('PHONE'), reason: 'WRONG' });
    expect(found(registered, point('EMAIL'), point('PHONE'), point('SMS'), point('POSTAL'), gone)).toEqual([
      { kind: 'EMAIL', value: sealed('EMAIL', 'value') },
      { kind: 'PHONE', value: sealed('SMS', 'value') },
      { kind: 'NAME', value: sealed('registration', 'displayName') },
    ]);
  });

  it('is an external id with its system in lower case, and bare', () => {
    const link = event('ExternalIdentityLinked', { system: 'CDNow', externalId: ' 00004 ', confidence: 100 });
    expect(found(link)).toEqual([
      { kind: 'EXTERNAL_ID', clear: 'cdnow:00004' },
      { kind: 'BARE_EXTERNAL_ID', clear: '00004' },
    ]);
  });

  it('is nothing for a customer nobody has registered', () => {
    expect(found()).toEqual([]);
  });
});

describe('the columns', () => {
  const row = (document: Document) =>
    Object.fromEntries(definition.columns.map(({ name, value }) => [name, value(document)]));

  it('show the document as a table', () => {
    const events = [
      ...recorded('customer', [registered]),
      ...recorded('order', [
        ...bought('a', day(3), usd(900)),
        ...bought('b', day(40), { minor: 5, currency: 'EUR' }),
      ]),
    ];
    expect(row(documentOf(events, day(41)))).toEqual({
      status: 'Registered',
      kind: 'PERSON',
      owner_id: idOf('owner'),
      lifecycle: 'ACTUAL',
      stage: 'BUILD_UP',
      created_at: parseInstant(`${day(0)}T00:00:00Z`),
      updated_at: parseInstant(`${day(40)}T00:00:00Z`),
      home_currency: 'USD',
      orders: 2,
      pattern: null,
      level: 'LOW',
      data_quality: 50,
      next_action: 'CONTACT_VERIFY',
      open_leads: 0,
      open_deals: 0,
      open_cases: 0,
      points_available: 0,
      churned_on: null,
      first_order_on: day(3),
      last_order_on: day(40),
      net_revenue: 900,
      net_currency: 'USD',
      rfm_r: 5,
      rfm_f: 2,
      rfm_m: 1,
    });
  });

  it('are there before the first day has closed, and before anything is known', () => {
    const nothing = row(documentOf([], null));
    expect(nothing).toMatchObject({
      status: 'Bare',
      orders: 0,
      lifecycle: null,
      rfm_r: null,
      updated_at: null,
    });
    for (const value of Object.values(nothing)) expect(value).not.toBeUndefined();
  });

  it('are described in both languages, with unit and measure where they count', () => {
    for (const { en, zh, name } of definition.columns) {
      expect(en.length).toBeGreaterThan(3);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    }
  });
});

/** Orders of any story and some events of the customer, each source in its own order. */
const history: fc.Arbitrary<Sources> = fc.tuple(orderStory(30), fc.nat(4)).map(([orders, changes]) => ({
  order: recorded('order', orders),
  customer: recorded('customer', [
    registered,
    ...Array.from({ length: changes }, (_, i) =>
      event('ExternalIdentityLinked', { system: 'erp', externalId: String(i) }, day(i * 100)),
    ),
    event('CustomerProfileChanged', { fields: ['zeta', 'alpha'] }, day(7)),
    event(
      'ConsentGranted',
      { purpose: 'news', channel: 'EMAIL', legalBasis: 'CONSENT', policyVersion: '1', evidenceRef: 'form' },
      day(9),
    ),
  ]),
}));

/** Both sources as one sequence: `picks` says whose turn it is. */
const interleaved = ({ customer, order }: Sources, picks: readonly boolean[]): readonly DecodedEvent[] => {
  const [a, b] = [[...customer], [...order]];
  const events: DecodedEvent[] = [];
  for (const pick of picks) {
    const next = (pick ? a : b).shift();
    if (next !== undefined) events.push(next);
  }
  return [...events, ...a, ...b];
};
const bytes = ({ slices, summary }: Document): string => canonicalJson({ slices, summary });

const ids = {
  accountId: idOf('account'),
  caseId: idOf('case'),
  complaintId: idOf('complaint'),
  leadId: idOf('lead'),
  opportunityId: idOf('deal'),
  returnId: idOf('return'),
  retentionCaseId: idOf('retention'),
};
/** Something of everything that is listed, from the services beyond customer and order. */
const everything: readonly DecodedEvent[] = [
  ...recorded('lead', [
    happened('LeadCaptured', day(0), { ...ids, person: sealed<never>('l', 'person'), source: 'CALL' }),
  ]),
  ...recorded('opportunity', [
    happened('OpportunityOpened', day(0), { ...ids, amount: usd(1), expectedCloseOn: day(1), name: 'x' }),
    happened('OpportunityOpened', day(0), {
      opportunityId: idOf('other'),
      amount: usd(1),
      expectedCloseOn: day(1),
    }),
    happened('OpportunityLost', day(2), { opportunityId: idOf('other'), reasonCode: 'PRICE' }),
  ]),
  ...recorded('order', [
    happened('ReturnRequested', day(500), { ...ids, orderId: idOf('a'), reasonCode: 'DEFECT' }),
  ]),
  ...recorded('service', [
    happened('CaseOpened', day(0), { ...ids, category: 'x', channel: 'EMAIL', priority: 'LOW' }),
    happened('SlaClockStarted', day(0), { ...ids, clockId: idOf('clock'), dueAt: 0, kind: 'RESOLUTION' }),
    happened('ComplaintRegistered', day(0), { ...ids, severity: 'LOW', topic: 'PRICE' }),
    happened('RemedyOffered', day(0), { ...ids, kind: 'POINTS', points: 5, value: null }),
  ]),
  ...recorded('loyalty', [
    happened('MemberEnrolled', day(0), { ...ids, programId: idOf('club'), tierId: 'BRONZE' }),
    happened('PointsAccrued', day(0), {
      ...ids,
      availableAt: 0,
      expiresOn: day(900),
      lotId: idOf('lot'),
      points: 9,
    }),
    happened('PointsRedeemed', day(1), {
      ...ids,
      allocations: [{ lotId: idOf('lot'), points: 1 }],
      redemptionId: idOf('r'),
    }),
    happened('RetentionCaseOpened', day(1), { ...ids, ownerId: null, riskLevel: 'HIGH' }),
  ]),
  ...recorded('churn', [
    happened('ChurnSignalRaised', day(1), { code: 'PURCHASE_GAP', severity: 3, signalId: idOf('signal') }),
    happened('ChurnRiskChanged', day(1), { fromLevel: 'LOW', score: 61, toLevel: 'HIGH' }),
    happened('CustomerChurned', day(400), { churnedOn: day(400), mode: 'NON_CONTRACTUAL' }),
  ]),
];

describe('any document', () => {
  it('has the same bytes for any interleaving of its sources', () => {
    fc.assert(
      fc.property(history, fc.array(fc.boolean(), { maxLength: 60 }), (sources, picks) => {
        const one = documentOf(interleaved(sources, picks), day(500));
        expect(bytes(one)).toBe(bytes(documentOf([...sources.customer, ...sources.order], day(500))));
      }),
    );
  });

  it('is whole in JSON, and goes on from there as if it had never been stored', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (sources, cut) => {
        const events = interleaved(
          sources,
          Array.from({ length: 60 }, (_, i) => i % 3 === 0),
        );
        let live = initial();
        let stored = initial();
        for (const [index, next] of events.entries()) {
          live = fold(live, next);
          stored = fold(stored, next);
          if (index !== cut && index % 5 > 0) continue; // stored now and then
          stored = JSON.parse(canonicalJson(stored)) as Record<string, unknown>;
          // Nothing that JSON cannot say: no undefined, no NaN, no Map.
          expect(stored).toStrictEqual(live);
        }
        expect(canonicalJson(stored)).toBe(canonicalJson(live));
      }),
    );
  });

  it('is made in the order of canonical JSON, so that writing it copies nothing', () => {
    const unsorted = (value: unknown, path: string): readonly string[] => {
      if (typeof value !== 'object' || value === null || 'minor' in value) return [];
      const keys = Object.keys(value);
      const own = Array.isArray(value) || keys.join() === keys.toSorted().join() ? [] : [path];
      return [...own, ...Object.entries(value).flatMap(([key, part]) => unsorted(part, `${path}/${key}`))];
    };
    const point = {
      contactPointId: idOf('point'),
      channel: 'EMAIL',
      value: sealed('e', 'value'),
      primary: true,
    } as const;
    const consent = { purpose: 'news', channel: 'EMAIL', legalBasis: 'CONSENT', policyVersion: '1' } as const;
    const events = [
      ...recorded('order', [...bought('a', day(0)), ...bought('b', day(9)), ...bought('c', day(500))]),
      ...recorded('customer', [
        registered,
        event('ContactPointAdded', point),
        event('RelatedContactAdded', { contactId: idOf('x'), name: sealed('x', 'name'), role: 'USER' }),
        event('ExternalIdentityLinked', { system: 'erp', externalId: '1' }),
        event('ConsentGranted', consent),
        event('ConsentWithdrawn', { purpose: 'mail', channel: 'EMAIL' }),
        event('CustomAttributesSet', { schemaId: 's', schemaVersion: 1, attributes: '{"a":1}' }),
      ]),
    ];
    const { slices, summary } = documentOf([...events, ...everything], day(501));
    expect(unsorted({ slices, summary }, '')).toEqual([]);
  });

  it('is small however long the history is', () => {
    const told = Array.from({ length: 3_000 }, (_, i) => bought(`order ${i}`, day(i))).flat();
    const document = documentOf(recorded('order', told), day(3_000));
    expect(bytes(document).length).toBeLessThan(60_000);
  });
});
