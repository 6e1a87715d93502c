import { describe, expect, it } from 'vitest';
import { countingPlanner } from './counting.ts';
import {
  importedCustomerId,
  isProblem,
  parseMapping,
  rowPlanner,
  type Mapping,
  type PlannedRow,
} from './index.ts';
import { importedProductId } from './body.ts';

const base = {
  name: 'test',
  system: 'crm',
  headerLines: 0,
  date: { column: 'date', format: 'yyyy-MM-dd', zone: 'Europe/Vienna' },
};
const reading = (...columns: readonly string[]) => ({
  read: { by: 'delimiter', delimiter: ',', columns },
});
const person = {
  id: 'id',
  kind: 'PERSON',
  name: '{first} {last}',
  locale: 'de-AT',
  timeZone: 'Europe/Vienna',
  homeCurrency: 'EUR',
};
const planAll = (mapping: Mapping, ...texts: readonly string[]) =>
  texts.map((text, i) => ({ number: i + 1, text })).map(countingPlanner(rowPlanner(mapping)));
const planOne = (mapping: Mapping, text: string): PlannedRow => {
  const [planned] = planAll(mapping, text);
  if (planned === undefined || planned === null || isProblem(planned))
    throw new Error(JSON.stringify(planned));
  return planned;
};
const mappingOf = (more: object): Mapping => parseMapping({ ...base, ...more }, 'test.json');
const problemOf = (more: object): unknown => {
  try {
    return mappingOf(more);
  } catch (error) {
    const { path, reason } = (error as { data: { path: string; reason: string } }).data;
    return `${path} ${reason}`;
  }
};

describe('a file of customers', () => {
  const mapping = mappingOf({
    kind: 'customers',
    ...reading('id', 'first', 'last', 'email', 'news', 'owner', 'date'),
    customer: person,
    body: { ownerId: { column: 'owner', codes: { ann: '11111111-1111-4111-8111-111111111111' } } },
    afterwards: [
      {
        command: 'add-contact-point',
        body: { channel: 'EMAIL', value: '{email}', primary: true },
        when: { column: 'email' },
      },
      {
        command: 'grant-consent',
        body: {
          purpose: 'marketing',
          channel: 'EMAIL',
          legalBasis: 'CONSENT',
          policyVersion: '1',
          evidenceRef: 'crm {id}',
        },
        when: { column: 'news', is: ['yes', 'ja'] },
      },
    ],
  });

  it('registers each with his external id, contact points and consents, in one append', () => {
    const customerId = importedCustomerId('crm', 'K-1');
    expect(planOne(mapping, 'K-1,Anna,Berger,anna@example.com,ja,ann,2026-03-01')).toEqual({
      row: 1,
      customer: null,
      main: {
        route: '/api/customers',
        key: `customer/${customerId}`,
        customerId,
        body: {
          customerId,
          kind: 'PERSON',
          displayName: 'Anna Berger',
          source: 'IMPORT',
          locale: 'de-AT',
          timeZone: 'Europe/Vienna',
          homeCurrency: 'EUR',
          ownerId: '11111111-1111-4111-8111-111111111111',
          occurredAt: '2026-02-28T23:00:00.000Z',
        },
        then: [
          { command: 'link-external-identity', body: { system: 'crm', externalId: 'K-1', confidence: 100 } },
          {
            command: 'add-contact-point',
            body: { channel: 'EMAIL', value: 'anna@example.com', primary: true },
          },
          {
            command: 'grant-consent',
            body: {
              purpose: 'marketing',
              channel: 'EMAIL',
              legalBasis: 'CONSENT',
              policyVersion: '1',
              evidenceRef: 'crm K-1',
            },
          },
        ],
      },
    });
  });
  it('leaves out what a row does not say, and refuses a code that the mapping does not know', () => {
    expect(planOne(mapping, 'K-2,Otto,,,no,,2026-03-01').main).toMatchObject({
      body: { displayName: 'Otto' },
      then: [{ command: 'link-external-identity' }],
    });
    expect(planOne(mapping, 'K-2,Otto,,,no,,2026-03-01').main.body).not.toHaveProperty('ownerId');
    expect(planAll(mapping, 'K-3,Mia,Sand,,no,someone,2026-03-01')).toEqual([
      { row: 1, column: 'owner', reason: 'is none of the codes of the mapping' },
    ]);
  });
  it('keeps every id out of personal data: the key holds the id of the system alone', () => {
    const { key } = planOne(mapping, 'K-1,Anna,Berger,anna@example.com,ja,ann,2026-03-01').main;
    expect(key).not.toMatch(/anna|berger/i);
  });
});

describe('a file of leads', () => {
  const mapping = mappingOf({
    kind: 'leads',
    ...reading('ref', 'name', 'email', 'channel', 'topics', 'state', 'lost', 'date', 'decided'),
    naturalKey: ['ref'],
    body: {
      source: { column: 'channel', codes: { web: 'WEB_FORM', call: 'CALL' }, otherwise: 'IMPORT' },
      person: { name: '{name}', email: '{email}' },
      interests: { column: 'topics', as: 'list', separator: '|' },
    },
    afterwards: [
      { command: 'score' },
      { command: 'assign', body: { ownerId: '11111111-1111-4111-8111-111111111111' } },
      {
        command: 'qualify',
        body: { level: 'MQL' },
        when: { column: 'state', is: ['qualified'] },
        on: { column: 'decided', format: 'dd.MM.yyyy' },
      },
      { command: 'disqualify', body: { reasonCode: '{lost}' }, when: { column: 'lost', isNot: ['', '-'] } },
    ],
  });

  it('captures each by its reference, as far as it has come', () => {
    const { customer, main } = planOne(
      mapping,
      '17,Anna Berger,anna@example.com,web,a| b ,qualified,-,2026-03-01,05.03.2026',
    );
    expect(customer).toBeNull();
    expect(main).toEqual({
      route: '/api/leads',
      key: '17',
      body: {
        source: 'WEB_FORM',
        sourceRef: 'crm:17',
        person: { name: 'Anna Berger', email: 'anna@example.com' },
        interests: ['a', 'b'],
        occurredAt: '2026-02-28T23:00:00.000Z',
      },
      then: [
        { command: 'score', body: {} },
        { command: 'assign', body: { ownerId: '11111111-1111-4111-8111-111111111111' } },
        { command: 'qualify', body: { level: 'MQL', occurredAt: '2026-03-04T23:00:00.000Z' } },
      ],
    });
  });
  it('takes the source IMPORT for what it does not know, and steps only where they are due', () => {
    const { main } = planOne(mapping, '18,Otto,,fax,,open,BUDGET,2026-03-01,');
    expect(main.body).toEqual({
      source: 'IMPORT',
      sourceRef: 'crm:18',
      person: { name: 'Otto' },
      occurredAt: '2026-02-28T23:00:00.000Z',
    });
    expect(main.then?.map(({ command }) => command)).toEqual(['score', 'assign', 'disqualify']);
  });
  it('refuses a row whose step has no date, or whose reference is empty', () => {
    expect(
      planAll(mapping, '19,Mia,,web,,qualified,,2026-03-01,soon', ',Mia,,web,,open,,2026-03-01,'),
    ).toEqual([
      { row: 1, column: 'decided', reason: 'is no date of the form dd.MM.yyyy' },
      { row: 2, column: 'ref', reason: 'is empty and belongs to the natural key' },
    ]);
  });
});

describe('a file of cases', () => {
  const columns = reading('case', 'customer', 'what', 'priority', 'product', 'opened', 'solved', 'first');
  const mapping = mappingOf({
    kind: 'cases',
    ...columns,
    date: { column: 'opened', format: 'yyyyMMdd', zone: 'UTC' },
    customer: { id: 'customer' },
    naturalKey: ['case'],
    body: {
      channel: 'PHONE',
      category: 'DELIVERY',
      subject: '{what}',
      priority: { column: 'priority', codes: { '1': 'URGENT' }, otherwise: 'NORMAL' },
      productId: { column: 'product', as: 'product' },
    },
    afterwards: [
      { command: 'assign', body: { agentId: '11111111-1111-4111-8111-111111111111' } },
      {
        command: 'resolve',
        body: { resolutionCode: 'SOLVED', firstContact: false },
        when: { column: 'solved' },
        on: { column: 'solved', format: 'yyyyMMdd' },
      },
    ],
  });

  it('opens each under an id that comes from its reference, for a customer who is only named', () => {
    const first = planOne(mapping, 'C-9,K-1,Parcel lost,1,CD,20260301,20260305,');
    expect(first.customer).toBeNull();
    const customerId = importedCustomerId('crm', 'K-1');
    expect(first.main).toMatchObject({
      route: '/api/cases',
      key: 'C-9',
      customerId,
      body: {
        customerId,
        subject: 'Parcel lost',
        priority: 'URGENT',
        productId: importedProductId('crm', 'CD'),
      },
      then: [{ command: 'assign' }, { command: 'resolve', body: { occurredAt: '2026-03-05T00:00:00.000Z' } }],
    });
    const again = planOne(mapping, 'C-9,K-1,Other words,2,,20260301,,');
    expect((again.main.body as { caseId: string }).caseId).toBe(
      (first.main.body as { caseId: string }).caseId,
    );
    expect(again.main.body).not.toHaveProperty('productId');
  });
  it('gives rows of another system other ids', () => {
    const row = 'C-9,K-1,Parcel lost,1,CD,20260301,20260305,';
    const here = planOne(mapping, row).main;
    const there = planOne({ ...mapping, system: 'desk' }, row).main;
    const idOf = ({ body }: typeof here): string => (body as { caseId: string }).caseId;
    expect(idOf(there)).not.toBe(idOf(here));
    expect(there.customerId).not.toBe(here.customerId);
  });
  it('registers the customer on first sight where the mapping says how', () => {
    const full = mappingOf({
      kind: 'cases',
      ...columns,
      date: { column: 'opened', format: 'yyyyMMdd', zone: 'UTC' },
      customer: { ...person, id: 'customer', name: '{customer}' },
      naturalKey: ['case'],
    });
    const [first, second] = planAll(
      full,
      'C-1,K-1,a,1,,20260301,,',
      'C-2,K-1,b,1,,20260301,,',
    ) as readonly PlannedRow[];
    expect(first?.customer?.customerId).toBe(first?.main.customerId);
    expect(second?.customer).toBeNull();
  });
});

describe('a file of members', () => {
  const programId = '22222222-2222-4222-8222-222222222222';
  const mapping = mappingOf({
    kind: 'loyalty',
    ...reading('id', 'points', 'date'),
    customer: { id: 'id' },
    programId,
    afterwards: [
      {
        command: 'adjust-points',
        body: { points: { column: 'points', as: 'number' }, reason: 'Opening balance' },
        when: { column: 'points', isNot: ['', '0'] },
      },
    ],
  });
  it('enrols each with the points that were there', () => {
    const customerId = importedCustomerId('crm', 'K-1');
    expect(planOne(mapping, 'K-1,800,2026-03-01').main).toEqual({
      route: '/api/loyalty-accounts',
      key: 'K-1',
      customerId,
      body: { customerId, programId, occurredAt: '2026-02-28T23:00:00.000Z' },
      then: [{ command: 'adjust-points', body: { points: 800, reason: 'Opening balance' } }],
    });
    expect(planOne(mapping, 'K-2,0,2026-03-01').main).not.toHaveProperty('then');
    expect(planAll(mapping, 'K-3,many,2026-03-01')).toEqual([
      { row: 1, column: 'points', reason: 'is no number' },
    ]);
  });
});

describe('values of a body', () => {
  const mapping = mappingOf({
    kind: 'leads',
    ...reading('ref', 'amount', 'due', 'yes', 'date'),
    naturalKey: ['ref', 'date'],
    body: {
      budget: { column: 'amount', as: 'amount', currency: 'EUR', decimal: ',', thousands: '.' },
      timeline: { column: 'due', as: 'date', format: 'MM/dd/yyyy' },
      flag: true,
      count: 3,
      nested: { deep: { text: '{yes}' } },
    },
  });
  it('are amounts, dates, constants and bodies within bodies', () => {
    const { key, body } = planOne(mapping, '7,"1.249,90",03/01/2026,x,2026-03-01').main;
    expect(key).toBe('7/2026-03-01');
    expect(body).toMatchObject({
      budget: { minor: 124_990, currency: 'EUR' },
      timeline: '2026-03-01',
      flag: true,
      count: 3,
      nested: { deep: { text: 'x' } },
    });
    expect(planOne(mapping, '7,,,,2026-03-01').main.body).toEqual({
      source: 'IMPORT',
      sourceRef: 'crm:7/2026-03-01',
      flag: true,
      count: 3,
      occurredAt: '2026-02-28T23:00:00.000Z',
    });
  });
  it('say which column is wrong, and not what stands there', () => {
    expect(planAll(mapping, '7,a lot,,,2026-03-01', '7,,01.03.2026,,2026-03-01')).toEqual([
      { row: 1, column: 'amount', reason: 'is no amount of zero or more' },
      { row: 2, column: 'due', reason: 'is no date of the form MM/dd/yyyy' },
    ]);
  });
});

describe('a mapping of another kind', () => {
  const leads = { kind: 'leads', ...reading('ref', 'date'), naturalKey: ['ref'] };
  it.each([
    [{ kind: 'invoices' }, '/kind must be orders, customers, leads, cases or loyalty'],
    [{ ...leads, naturalKey: ['id'] }, '/naturalKey/0 names the column id, which is not read'],
    [
      { ...leads, body: { person: { name: '{who}' } } },
      '/body/person/name names the column who, which is not read',
    ],
    [
      { ...leads, body: { at: { column: 'x', as: 'number' } } },
      '/body/at/column names the column x, which is not read',
    ],
    [
      { ...leads, afterwards: [{ command: 'convert' }] },
      '/afterwards/0/command must be one of enrich, score, assign',
    ],
    [
      { ...leads, afterwards: [{ command: 'score', when: { column: 'x' } }] },
      '/afterwards/0/when/column names',
    ],
    [
      { ...leads, afterwards: [{ command: 'score', on: { column: 'x', format: 'yyyyMMdd' } }] },
      '/afterwards/0/on/column names',
    ],
    [{ ...leads, body: { at: { column: 'ref', as: 'time' } } }, '/body/at'],
    [{ ...leads, order: {} }, ' Unrecognized key'],
  ])('is refused with the place: %j', (more, told) => {
    expect(problemOf(more)).toEqual(expect.stringContaining(told));
  });
});
