import { describe, expect, it } from 'vitest';
import { setUp } from './set-up.ts';

const ID = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';

const item = (id: string, name: string | null = 'Anna Berger') => ({
  id,
  customerId: id,
  status: 'Registered',
  name,
  externalIds: [{ system: 'shop', id: 'K-1' }],
  ownerId: null,
  lifecycle: 'ACTUAL',
  stage: 'STABILITY',
  level: null,
  updatedAt: '2026-11-20T09:00:00.000Z',
});

/** A list that finds by these questions, `name=value` each. */
const listOf = (found: Readonly<Record<string, readonly object[]>>, asked: string[] = []) => ({
  'GET /api/customers': (_: unknown, url: URL) => {
    url.searchParams.delete('limit');
    const question = [...url.searchParams].map(([name, value]) => `${name}=${value}`).join('&');
    asked.push(question);
    return { status: 200, body: { items: found[question] ?? [], next: null } };
  },
});

const whole = {
  customerId: ID,
  businessDay: '2026-11-20',
  asOf: { customer: 17, order: 9 },
  generation: 3,
  stale: false,
  slices: {
    customer: {
      displayName: 'Anna Berger',
      kind: 'PERSON',
      status: 'Registered',
      ownerId: 'agent-1',
      externalIds: [{ system: 'shop', id: 'K-1', eventId: 'e' }],
      contactPoints: [
        { channel: 'EMAIL', value: 'anna@example.com', primary: true, verified: true, retired: null },
        { channel: 'PHONE', value: '+43123', primary: false, verified: false, retired: 'WRONG' },
      ],
      contacts: [],
      consents: [{ purpose: 'marketing', channel: 'EMAIL', granted: true }],
    },
    lead: {
      leads: [
        {
          leadId: 'l1',
          status: 'Working',
          source: 'CALL',
          grade: 'A',
          overdue: true,
          respondBy: '2026-11-21T08:00:00.000Z',
        },
        { leadId: 'l2', status: 'Converted' },
      ],
    },
    opportunity: {
      open: [
        {
          opportunityId: 'o1',
          stageId: 'proposal',
          name: 'Renewal',
          amount: { minor: 120_000, currency: 'EUR' },
          stalled: true,
          expectedCloseOn: '2026-12-24',
        },
      ],
    },
    order: {
      count: 12,
      fulfilled: 10,
      firstOn: '2025-01-02',
      lastOn: '2026-11-02',
      net: [
        { minor: 123_450, currency: 'EUR' },
        { minor: 900, currency: 'JPY' },
      ],
      open: [
        { orderId: 'or1', status: 'Placed', channel: 'WEB_SHOP', total: { minor: 1_495, currency: 'EUR' } },
      ],
      returns: [{ returnId: 'r1', status: 'Requested', reasonCode: 'DAMAGED' }],
    },
    service: {
      openCases: [
        {
          caseId: 'c1',
          status: 'New',
          priority: 'HIGH',
          category: 'DELIVERY',
          clocks: [{ breached: true, dueAt: '2026-11-19T10:00:00.000Z' }],
        },
      ],
      complaints: [
        { complaintId: 'k1', status: 'Investigating', topic: 'QUALITY', severity: 'HIGH' },
        { complaintId: 'k2', status: 'Settled' },
      ],
    },
    loyalty: {
      accounts: [
        {
          available: 800,
          pending: 0,
          debt: 0,
          status: 'Active',
          nextExpiry: { on: '2027-01-31', points: 300 },
        },
      ],
      retention: { open: { retentionCaseId: 'rc1', status: 'Opened', riskLevel: 'HIGH' } },
    },
    churn: {
      level: 'HIGH',
      score: 64,
      since: '2026-11-18T00:00:00.000Z',
      signals: [{ code: 'PURCHASE_GAP', severity: 3 }],
      churned: null,
    },
  },
  summary: {
    lifecycle: { status: 'ACTUAL', stage: 'STABILITY', pattern: null },
    rfm: { r: 5, f: 4, m: 3 },
    value: { recent: { minor: 12_000, currency: 'EUR' }, previous: { minor: 9_000, currency: 'EUR' } },
    nextActions: [
      {
        code: 'CALL_CUSTOMER',
        en: 'Call the customer',
        rule: 'CALL_CUSTOMER@1',
        priority: 9,
        evidence: { eventId: 'e1', path: '/slices/churn/level' },
      },
    ],
  },
  masked: {},
};

describe('customer find', () => {
  it.each([
    ['shop:K-1', { 'externalId=shop:K-1': [item(ID)] }, ['externalId=shop:K-1']],
    ['anna@example.com', { 'q=anna@example.com': [item(ID)] }, ['q=anna@example.com']],
    ['+43 1 234', { 'q=+43 1 234': [item(ID)] }, ['q=+43 1 234']],
    ['Anna Berger', { 'q=Anna Berger': [item(ID)] }, ['q=Anna Berger']],
    ['00004', { 'externalId=00004': [item(ID)] }, ['q=00004', 'externalId=00004']],
    [ID.toUpperCase(), { [`customerId=${ID}`]: [item(ID)] }, [`customerId=${ID}`]],
  ])('finds by %s', async (text, found, questions) => {
    const asked: string[] = [];
    const { tenure } = await setUp(listOf(found, asked));
    const said = await tenure('customer', 'find', text);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(new RegExp(`${ID} +Anna Berger +shop:K-1 +Registered +ACTUAL +STABILITY`));
    expect(asked).toEqual(questions);
  });
  it('shows a name that may not be seen as none, and prints the items with --json', async () => {
    const { tenure } = await setUp(listOf({ 'q=x y': [item(ID, null), item(OTHER)] }));
    expect((await tenure('customer', 'find', 'x y')).out).toMatch(new RegExp(`${ID} +– `));
    expect(JSON.parse((await tenure('customer', 'find', 'x y', '--json')).out).items).toHaveLength(2);
  });
  it('exits with 3 when nobody is found, and with 2 for no words', async () => {
    const { tenure } = await setUp(listOf({}));
    expect(await tenure('customer', 'find', 'nobody')).toMatchObject({ code: 3, out: '' });
    expect(await tenure('customer', 'find', ' ')).toMatchObject({ code: 2, out: '' });
  });
});

describe('customer show', () => {
  const document = (body: object) => ({ [`GET /api/customers/${ID}/360`]: () => ({ status: 200, body }) });

  it('is one page of everything that matters', async () => {
    const { tenure } = await setUp(document(whole));
    const { code, out, err } = await tenure('customer', 'show', ID);
    expect([code, err]).toEqual([0, '']);
    for (const line of [
      'Anna Berger · PERSON · Registered · ACTUAL / STABILITY',
      'external ids  shop:K-1',
      'owner         agent-1',
      'contact       EMAIL anna@example.com (primary, verified)',
      'consents      marketing/EMAIL granted',
      'orders        12 orders · 10 fulfilled · 2025-01-02 – 2026-11-02',
      'net           EUR 1,234.50 + JPY 900',
      'recent        EUR 120.00 · before that EUR 90.00',
      'RFM           5-4-3',
      'loyalty       800 points · 300 expire on 2027-01-31 · Active',
      'churn         HIGH · 64 · since 2026-11-18T00:00:00.000Z',
      'signals       PURCHASE_GAP (severity 3)',
      'as of         business day 2026-11-20 · generation 3',
    ])
      expect(out).toContain(`${line}\n`);
    const open = out
      .split('\n')
      .filter((line) => /^(lead|deal|order|return|case|complaint|retention) /.test(line));
    expect(open.map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual([
      'lead l1',
      'deal o1',
      'order or1',
      'return r1',
      'case c1',
      'complaint k1',
      'retention rc1',
    ]);
    expect(out).toMatch(/case +c1 +New HIGH DELIVERY SLA breached +2026-11-19T10/);
    expect(out).toMatch(/CALL_CUSTOMER +Call the customer +CALL_CUSTOMER@1 +\/slices\/churn\/level e1/);
    expect(out).not.toContain('+43123');
  });
  it('shows a customer of whom nearly nothing is known, and names what is hidden', async () => {
    const { tenure } = await setUp(
      document({
        ...whole,
        businessDay: null,
        stale: true,
        slices: { customer: { displayName: null, status: 'Registered' } },
        summary: null,
        masked: { '/slices/customer/displayName': 'erased' },
      }),
    );
    const { code, out } = await tenure('customer', 'show', ID);
    expect(code).toBe(0);
    expect(out).toBe(
      `(name: erased) · Registered\nid            ${ID}\nowner         nobody\n\nas of         business day none closed yet · generation 3 · STANDS STILL: parked or an older generation\n`,
    );
  });
  it('takes what find finds one by, and prints the document with --json', async () => {
    const { tenure } = await setUp({ ...listOf({ 'externalId=shop:K-1': [item(ID)] }), ...document(whole) });
    expect(JSON.parse((await tenure('customer', 'show', 'shop:K-1', '--json')).out)).toEqual(whole);
  });
  it('asks for the id when several match, exits with 3 for nobody, 4 and 5 for refusals', async () => {
    const { tenure } = await setUp({
      ...listOf({ 'q=Anna Berger': [item(ID), item(OTHER)] }),
      [`GET /api/customers/${OTHER}/360`]: () => ({
        status: 403,
        body: { code: 'FORBIDDEN', detail: 'No.' },
      }),
    });
    const several = await tenure('customer', 'show', 'Anna Berger');
    expect(several).toMatchObject({ code: 2, out: '' });
    expect(several.err).toContain(`${ID}, ${OTHER}`);
    expect((await tenure('customer', 'show', 'Nobody Else')).code).toBe(3);
    expect((await tenure('customer', 'show', ID)).code).toBe(3);
    expect((await tenure('customer', 'show', OTHER)).code).toBe(4);
  });
  it('follows a merged customer to the survivor, and leads no token away', async () => {
    const moved = (to: string) => () => ({ status: 308, body: {}, headers: { location: to } });
    const { tenure } = await setUp({
      ...document(whole),
      [`GET /api/customers/${OTHER}/360`]: moved(`/api/customers/${ID}/360`),
    });
    const said = await tenure('customer', 'show', OTHER);
    expect(said).toMatchObject({ code: 0, err: `${OTHER} was merged into ${ID}\n` });
    const { tenure: away } = await setUp({ [`GET /api/customers/${ID}/360`]: moved('http://127.0.0.1:1/x') });
    expect(await away('customer', 'show', ID)).toMatchObject({
      code: 1,
      err: expect.stringContaining('NOT_TENURE') as string,
    });
    const { tenure: circles } = await setUp({
      [`GET /api/customers/${ID}/360`]: moved(`/api/customers/${ID}/360`),
    });
    expect((await circles('customer', 'show', ID)).code).toBe(1);
  });
});

describe('customer timeline', () => {
  const event = (n: number) => ({
    eventId: `e${n}`,
    type: 'OrderPlaced',
    source: 'order',
    position: n,
    occurredAt: '2026-11-20T09:00:00.000Z',
    actor: { kind: 'user', id: 'ann' },
    data: { orderId: `o${n}`, lines: [] },
  });
  it('asks for what is wanted, page after page', async () => {
    const asked: string[] = [];
    const { tenure } = await setUp({
      [`GET /api/customers/${ID}/timeline`]: (_, url) => {
        asked.push(url.search);
        const first = url.searchParams.get('cursor') === null;
        return { status: 200, body: { items: [event(first ? 2 : 1)], next: first ? 'more' : null } };
      },
    });
    const said = await tenure(
      ...['customer', 'timeline', ID, '--source', 'order', '--type', 'OrderPlaced'],
      ...['--from', '2026-11-01', '--to', '2026-11-21T00:00:00+01:00', '--limit', '7'],
    );
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(/OrderPlaced +order:2 +user ann +orderId=o2\n.*OrderPlaced +order:1 /);
    const filters =
      '?source=order&type=OrderPlaced&from=2026-11-01T00%3A00%3A00.000Z&to=2026-11-20T23%3A00%3A00.000Z';
    expect(asked).toEqual([`${filters}&limit=7`, `${filters}&limit=6&cursor=more`]);
  });
  it('says so when there is nothing, prints items with --json, and refuses a time that is none', async () => {
    const { tenure } = await setUp({
      [`GET /api/customers/${ID}/timeline`]: () => ({ status: 200, body: { items: [], next: null } }),
    });
    expect((await tenure('customer', 'timeline', ID)).out).toBe('no such events\n');
    expect(JSON.parse((await tenure('customer', 'timeline', ID, '--json')).out)).toEqual({
      customerId: ID,
      items: [],
    });
    expect((await tenure('customer', 'timeline', ID, '--from', 'soon')).code).toBe(2);
  });
});

describe('churn', () => {
  it('board shows the distribution and the customers', async () => {
    let asked = '';
    const { tenure } = await setUp({
      'GET /api/churn/board': (_, url) => {
        asked = url.search;
        return {
          status: 200,
          body: {
            items: [
              {
                id: ID,
                customerId: ID,
                score: 64,
                level: 'HIGH',
                published: 'MEDIUM',
                lastOrderOn: '2026-08-01',
                churnedOn: null,
                signals: [
                  { code: 'PURCHASE_GAP', severity: 3 },
                  { code: 'CASE_UNRESOLVED', severity: 2 },
                ],
                ownerId: 'agent-1',
              },
            ],
            next: null,
            asOf: { churn: 3 },
            distribution: { LOW: 2100, MEDIUM: 190, HIGH: 60, CRITICAL: 7 },
          },
        };
      },
    });
    const said = await tenure('churn', 'board', '--level', 'high', '--signal', 'purchase_gap');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(/^CRITICAL 7 · HIGH 60 · MEDIUM 190 · LOW 2,100\n/);
    expect(said.out).toMatch(
      new RegExp(`${ID} +64 +HIGH +MEDIUM +PURCHASE_GAP:3 CASE_UNRESOLVED:2 +2026-08-01 +– +agent-1`),
    );
    expect(asked).toBe('?level=HIGH&signal=PURCHASE_GAP&sort=-score&limit=50');
    expect(JSON.parse((await tenure('churn', 'board', '--json')).out)).toMatchObject({
      distribution: { HIGH: 60 },
      items: [{ score: 64 }],
      asOf: { churn: 3 },
    });
  });
  it('signals shows what each adds and the events behind it', async () => {
    const body = {
      customerId: ID,
      businessDay: '2026-11-20',
      rulesVersion: 1,
      score: 64,
      level: 'HIGH',
      published: { level: 'HIGH', since: '2026-11-18T00:00:00.000Z' },
      churned: { on: '2026-11-19', eventId: 'e3' },
      asOf: {},
      protective: [{ code: 'REWARD_USED', factor: '0.85', evidence: ['e9'] }],
      signals: [
        {
          code: 'PURCHASE_GAP',
          severity: 3,
          weight: '0.45',
          contribution: 29,
          ageDays: 0,
          observed: { days: 120 },
          threshold: { p99: 90 },
          evidence: ['e1'],
        },
      ],
    };
    const { tenure } = await setUp({ [`GET /api/customers/${ID}/churn`]: () => ({ status: 200, body }) });
    const { code, out } = await tenure('churn', 'signals', ID);
    expect(code).toBe(0);
    expect(out).toContain(`${ID}  HIGH, score 64 by rules version 1 on 2026-11-20\n`);
    expect(out).toContain('published HIGH since 2026-11-18T00:00:00.000Z, churned on 2026-11-19 (e3)\n');
    expect(out).toMatch(/PURCHASE_GAP +3 +0\.45 +29 +0 +days=120 +p99=90 +e1/);
    expect(out).toMatch(/REWARD_USED +0\.85 +e9/);
    expect(JSON.parse((await tenure('churn', 'signals', ID, '--json')).out)).toEqual(body);
  });
  it('signals says when nothing is assessed yet', async () => {
    const nothing = { customerId: ID, businessDay: null, rulesVersion: null, score: null, level: null };
    const body = {
      ...nothing,
      published: { level: 'LOW', since: null },
      churned: null,
      signals: [],
      protective: [],
    };
    const { tenure } = await setUp({ [`GET /api/customers/${ID}/churn`]: () => ({ status: 200, body }) });
    expect((await tenure('churn', 'signals', ID)).out).toMatch(
      /not assessed[^]*published LOW\n\nno signal\n/,
    );
  });
});
