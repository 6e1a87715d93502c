// Files of customers, leads, cases and members: through the real commands of their services, once whatever is repeated.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, settled, startTenure, tenureJson, type Json } from './client.ts';
import { startServer, temporaryFolder, until, type Server } from './server.ts';

const folder = temporaryFolder();
const PROGRAM = '22222222-2222-4222-8222-222222222222';
const AGENT = '11111111-1111-4111-8111-111111111111';
const SURNAME = 'Marrowsparrow';

let server: Server;
beforeAll(async () => {
  server = await startServer(join(folder, 'data'));
  const at = { occurredAt: '2025-01-01T00:00:00Z' };
  const asImport = { roles: ['import'] };
  const path = `/api/loyalty-programs/${PROGRAM}`;
  const tiers = [{ tierId: 'BRONZE', name: 'Bronze', threshold: 0 }];
  const rules = [
    {
      ruleId: 'base',
      when: { gt: ['line.base', 0] },
      points: { floor: { div: ['line.base', 100] } },
      cap: 100,
    },
  ];
  const lotPolicy = { availableAfterDays: 0, expiry: 'END_OF_YEAR', expiryAfter: 1 };
  for (const [where, body] of [
    ['/api/loyalty-programs', { programId: PROGRAM, name: 'Club', pointsName: 'points', autoEnrol: false }],
    [`${path}/publish-tier-ladder`, { metric: 'POINTS', period: 'CALENDAR_YEAR', tiers }],
    [`${path}/publish-earning-rules`, { rules, lotPolicy }],
  ] as const) {
    const { status, text } = await post(server, where, { ...body, ...at }, asImport);
    if (status >= 300) throw new Error(`${where}: ${text}`);
  }
}, 60_000);
afterAll(() => server.stop());

const head = (name: string, columns: readonly string[]) => ({
  name,
  system: 'crm',
  read: { by: 'delimiter', delimiter: ';', columns },
  headerLines: 0,
  date: { column: 'date', format: 'yyyy-MM-dd', zone: 'UTC' },
});
const rowsOf = (count: number, row: (n: number) => readonly (string | number)[]): readonly string[] =>
  Array.from({ length: count }, (_, n) => row(n).join(';'));
const day = (n: number): string => `2025-0${1 + (n % 9)}-1${n % 10}`;

/** Each kind with its mapping, its rows, and the events that they make. */
const FILES = {
  customers: {
    mapping: {
      ...head('customers', ['id', 'name', 'email', 'date']),
      kind: 'customers',
      customer: {
        id: 'id',
        kind: 'PERSON',
        name: '{name}',
        locale: 'de-AT',
        timeZone: 'UTC',
        homeCurrency: 'EUR',
      },
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
            evidenceRef: 'crm',
          },
          when: { column: 'email' },
        },
      ],
    },
    rows: rowsOf(40, (n) => [
      `K-${n}`,
      `Quendolin ${SURNAME}`,
      n % 2 === 0 ? `q${n}@marrowsparrow.example` : '',
      day(n),
    ]),
    events: { CustomerRegistered: 40, ExternalIdentityLinked: 40, ContactPointAdded: 20, ConsentGranted: 20 },
  },
  leads: {
    mapping: {
      ...head('leads', ['ref', 'name', 'state', 'date']),
      kind: 'leads',
      naturalKey: ['ref'],
      body: { person: { name: '{name}' } },
      afterwards: [
        { command: 'score' },
        { command: 'assign', body: { ownerId: AGENT }, when: { column: 'state', is: ['qualified'] } },
        { command: 'qualify', body: { level: 'MQL' }, when: { column: 'state', is: ['qualified'] } },
        { command: 'disqualify', body: { reasonCode: 'NO_NEED' }, when: { column: 'state', is: ['lost'] } },
      ],
    },
    rows: rowsOf(30, (n) => [n, `Otto ${SURNAME}`, ['qualified', 'lost', 'open'][n % 3] ?? '', day(n)]),
    events: { LeadCaptured: 30, LeadScored: 30, LeadAssigned: 10, LeadQualified: 10, LeadDisqualified: 10 },
  },
  cases: {
    mapping: {
      ...head('cases', ['case', 'customer', 'what', 'solved', 'date']),
      kind: 'cases',
      customer: { id: 'customer' },
      naturalKey: ['case'],
      body: { channel: 'PHONE', category: 'DELIVERY', priority: 'NORMAL', subject: '{what}' },
      afterwards: [
        { command: 'assign', body: { agentId: AGENT } },
        {
          command: 'resolve',
          body: { resolutionCode: 'SOLVED', firstContact: true },
          when: { column: 'solved' },
          on: { column: 'solved', format: 'yyyy-MM-dd' },
        },
      ],
    },
    rows: rowsOf(24, (n) => [
      `C-${n}`,
      `K-${n}`,
      `${SURNAME} calls`,
      n % 2 === 0 ? '2025-11-01' : '',
      day(n),
    ]),
    events: { CaseOpened: 24, CaseAssigned: 24, CaseResolved: 12 },
  },
  loyalty: {
    mapping: {
      ...head('members', ['customer', 'points', 'date']),
      kind: 'loyalty',
      customer: { id: 'customer' },
      programId: PROGRAM,
      afterwards: [
        {
          command: 'adjust-points',
          body: { points: { column: 'points', as: 'number' }, reason: 'Opening balance' },
          when: { column: 'points', isNot: ['0'] },
        },
      ],
    },
    rows: rowsOf(20, (n) => [`K-${n}`, n * 10, day(n)]),
    events: { MemberEnrolled: 20, PointsAdjusted: 19 },
  },
} as const;
type Kind = keyof typeof FILES;
const kinds = Object.keys(FILES) as Kind[];

const written = (kind: Kind, rows: readonly string[], name: string = kind): readonly string[] => {
  const file = join(folder, `${name}.csv`);
  const mapping = join(folder, `${kind}.json`);
  writeFileSync(file, `${rows.join('\n')}\n`);
  writeFileSync(mapping, JSON.stringify(FILES[kind].mapping));
  return ['import', kind, file, '--mapping', mapping];
};
const imported = (kind: Kind, rows: readonly string[], name: string = kind) =>
  tenureJson(server.data, ...written(kind, rows, name));

/** Everything but the ledger of what operators did. */
const heads = async (): Promise<Json> => {
  const { services } = (await settled(server)) as { readonly services: Json };
  return Object.fromEntries(kindsOfSource.map((source) => [source, services[source].events]));
};
const kindsOfSource = ['customer', 'lead', 'service', 'loyalty'];

describe.each(kinds)('an import of %s', (kind) => {
  const { rows, events } = FILES[kind];

  it('goes on where it was when the command line is killed, and takes every row once', async () => {
    const { child, closed } = startTenure(server.data, ...written(kind, rows));
    const first = Object.keys(events)[0] ?? '';
    await until('something has come in, or all of it', async () => {
      const status = await get(server, '/ops/status');
      return (status.json['events'][first] ?? 0) > 0;
    });
    child.kill('SIGKILL');
    await closed;
    const { code, json } = await imported(kind, rows);
    expect([code, json['accepted'] + json['duplicates'], json['rejected'], json['conflicts']]).toEqual([
      ...[0, rows.length, 0, 0],
    ]);
    expect((await settled(server))['events']).toMatchObject(events);
  });

  it('changes nothing when it is run again', async () => {
    const before = await heads();
    const { code, json } = await imported(kind, rows);
    expect([code, json['accepted'], json['duplicates'], json['report']]).toEqual([0, 0, rows.length, null]);
    expect(await heads()).toEqual(before);
  });

  it('keeps what is there when a known row says something else', async () => {
    const before = await heads();
    const other = rows.map((row, n) => (n === 3 ? row.replace(/\d{4}-\d\d-\d\d$/, '2025-02-02') : row));
    const { json } = await imported(kind, other, `${kind}-other`);
    expect([json['accepted'], json['duplicates'], json['conflicts']]).toEqual([0, rows.length - 1, 1]);
    expect(readFileSync(json['report'] as string, 'utf8')).toMatch(/^row,column,reason\n4,,conflict: /);
    expect(await heads()).toEqual(before);
  });
});

describe('what was imported', () => {
  it('stands in the document of the customer', async () => {
    const { json } = await tenureJson(server.data, 'customer', 'show', 'crm:K-2');
    expect(json['slices'].customer).toMatchObject({
      displayName: `Quendolin ${SURNAME}`,
      status: 'Registered',
    });
    expect(json['slices'].service.cases.resolved).toBe(1);
    expect(json['slices'].loyalty.accounts).toMatchObject([{ available: 20, programId: PROGRAM }]);
  });

  it('names nobody in any file', () => {
    const found = readdirSync(server.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .filter((entry) => /marrowsparrow/i.test(readFileSync(join(entry.parentPath, entry.name), 'latin1')));
    expect(found.map(({ name }) => name)).toEqual([]);
  });
});
