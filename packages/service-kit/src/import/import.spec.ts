import { describe, expect, it } from 'vitest';
import {
  classify,
  classifyCustomer,
  countingPlanner,
  isProblem,
  parseMapping,
  readMapping,
  rowPlanner,
  shippedMappings,
  type Line,
  type Mapping,
  type PlannedRow,
} from './index.ts';
import type { OrderMapping } from './mapping.ts';
import { rowReader } from './rows.ts';

const sample = [
  ' 00004 0001 19970101  2   29.33',
  ' 00004 0001 19970118  2   29.73',
  ' 00021 0002 19970101  3   63.34',
];
const linesOf = (texts: readonly string[]): readonly Line[] =>
  texts.map((text, i) => ({ number: i + 1, text }));
const planAll = (mapping: Mapping, texts: readonly string[]) =>
  linesOf(texts).map(countingPlanner(rowPlanner(mapping)));
const planned = (rows: readonly (object | null)[]): readonly PlannedRow[] =>
  rows.filter((row): row is PlannedRow => row !== null && !isProblem(row));
const sampleMapping = async (): Promise<OrderMapping> => {
  const mapping = await readMapping('cdnow-sample');
  if (mapping.kind !== 'orders') throw new TypeError('the sample is a file of orders');
  return mapping;
};
const custom = async (change: object): Promise<Mapping> =>
  parseMapping({ ...(await sampleMapping()), ...change }, 'test');

describe('the shipped mappings', () => {
  it('are there by name', async () => {
    expect(await shippedMappings()).toEqual(['cdnow-master', 'cdnow-sample']);
  });

  it('make a customer on first sight and an order of one line, all in one go', async () => {
    const [first, second] = planned(planAll(await readMapping('cdnow-sample'), sample));
    expect(first?.customer).toMatchObject({
      route: '/api/customers',
      body: {
        kind: 'PERSON',
        displayName: 'CDNOW 00004',
        source: 'IMPORT',
        locale: 'en-US',
        timeZone: 'UTC',
        homeCurrency: 'USD',
        occurredAt: '1997-01-01T00:00:00.000Z',
      },
      then: [
        {
          command: 'link-external-identity',
          body: { system: 'cdnow', externalId: '00004', confidence: 100 },
        },
      ],
    });
    expect(first?.main).toMatchObject({
      route: '/api/orders',
      key: '00004/1997-01-01/1',
      customerId: first?.customer?.customerId,
      body: {
        channel: 'WEB_SHOP',
        externalRef: '00004/1997-01-01/1',
        occurredAt: '1997-01-01T00:00:00.000Z',
        lines: [{ qty: 1, attributes: { cds: '2' }, unitPrice: { minor: 2933, currency: 'USD' } }],
        total: { minor: 2933, currency: 'USD' },
      },
      then: [
        { command: 'confirm', body: {} },
        { command: 'complete-fulfilment', body: {} },
      ],
    });
    expect(second?.customer).toBeNull();
  });

  it('share one key space: the same purchase in both files is the same order', async () => {
    const [fromSample] = planned(planAll(await readMapping('cdnow-sample'), sample));
    const master = ['customer_id  date   number_of_cds  dollar_value', ' 00004 19970101    2   29.33'];
    const rows = planAll(await readMapping('cdnow-master'), master);
    expect(rows[0]).toBeNull();
    expect(planned(rows)[0]?.main).toEqual(fromSample?.main);
    expect(planned(rows)[0]?.customer).toEqual(fromSample?.customer);
  });

  it('count equal rows as different orders, and keep the count over rows that cannot be read', async () => {
    const mapping = await readMapping('cdnow-sample');
    const twice = [
      ' 00004 0001 19970101  2   29.33',
      ' 00004 0001 19970101  2   2x.33',
      ' 00004 0001 19970101  2   29.33',
    ];
    const rows = planAll(mapping, twice);
    expect(planned(rows).map(({ main }) => main.key)).toEqual(['00004/1997-01-01/1', '00004/1997-01-01/3']);
    expect(rows[1]).toEqual({ row: 2, column: 'dollars', reason: 'is no amount of zero or more' });
    expect(new Set(planned(rows).map(({ main }) => (main.body as { orderId: string }).orderId)).size).toBe(2);
  });

  it('say which row and column cannot be used, and never what stands there', async () => {
    const bad = [
      '00004 0001 19970101 2',
      '00004 0001 19970230 2 29.33',
      '00004 0001 19970101 2 29.333',
      '00004 0001 19970101 2 -1.00',
      `${'9'.repeat(101)} 0001 19970101 2 1.00`,
      '',
      '00004 0001 19970101 2 0.00',
    ];
    const rows = planAll(await readMapping('cdnow-sample'), bad);
    expect(rows.slice(0, 6)).toEqual([
      { row: 1, column: null, reason: 'has 4 columns instead of 5' },
      { row: 2, column: 'date', reason: 'is no date of the form yyyyMMdd' },
      { row: 3, column: 'dollars', reason: 'is no amount in USD (AMOUNT_INVALID)' },
      { row: 4, column: 'dollars', reason: 'is no amount of zero or more' },
      { row: 5, column: 'customer', reason: 'must have 1–100 characters' },
      null,
    ]);
    expect(planned(rows)[0]?.main.body).toMatchObject({ total: { minor: 0, currency: 'USD' } });
  });
});

describe('a mapping', () => {
  it('is refused with path and reason', async () => {
    const good = await readMapping('cdnow-sample');
    const problem = (change: object) => {
      try {
        return parseMapping({ ...good, ...change }, 'm.json');
      } catch (error) {
        return (error as { data: object }).data;
      }
    };
    expect(problem({ speed: 1 })).toMatchObject({
      mapping: 'm.json',
      path: '',
      reason: expect.stringContaining('speed'),
    });
    expect(problem({ date: { ...good.date, column: 'day' } })).toMatchObject({
      path: '/date/column',
      reason: 'names the column day, which is not read',
    });
    expect(problem({ date: { ...good.date, format: 'yyyy-mm-dd' } })).toMatchObject({ path: '/date/format' });
    expect(problem({ read: { by: 'pattern', pattern: '^(?<a>(x+)+)$' } })).toMatchObject({
      path: '/read/pattern',
    });
    await expect(readMapping('nothing')).rejects.toMatchObject({ code: 'MAPPING_INVALID' });
    await expect(readMapping('/nowhere/m.json')).rejects.toMatchObject({ code: 'MAPPING_INVALID' });
  });

  it('reads other separators, quotes, dates and amounts', async () => {
    const mapping = await custom({
      read: { by: 'delimiter', delimiter: ';', columns: ['customer', 'date', 'cds', 'dollars'] },
      date: { column: 'date', format: 'dd.MM.yyyy', zone: 'Europe/Berlin' },
      customer: { ...(await sampleMapping()).customer, name: '{customer} {cds}' },
      order: {
        ...(await sampleMapping()).order,
        amount: { column: 'dollars', currency: 'EUR', decimal: ',', thousands: '.' },
        occurrence: false,
      },
    });
    const [row] = planned(planAll(mapping, ['"Meier; {cds}";01.07.2024;2;"1.234,50"']));
    expect(row?.main).toMatchObject({
      key: 'Meier; {cds}/2024-07-01',
      body: { occurredAt: '2024-06-30T22:00:00.000Z', total: { minor: 123_450, currency: 'EUR' } },
    });
    expect(row?.customer?.body).toMatchObject({ displayName: 'Meier; {cds} 2' });
    const reasons = planAll(mapping, [
      'a;01.07.2024;2;1.23,50',
      'a;01.07.2024;2;1,2,3',
      'a;01.07.2024;"2;1',
      'a;"b"c;2;1',
    ]);
    expect(reasons.map((row_) => (row_ !== null && isProblem(row_) ? row_.reason : null))).toEqual([
      'has thousands that are not grouped by three',
      'is no amount of zero or more',
      'has a quote that does not end',
      'has text behind a closing quote',
    ]);
  });

  it('reads by a pattern', async () => {
    const pattern = '^(?<customer>\\d{5}) +(?<date>\\d{8}) +(?<cds>\\d+) +(?<dollars>[\\d.]+)$';
    const mapping = await custom({ read: { by: 'pattern', pattern } });
    const read = rowReader(mapping);
    expect(read('00004 19970101  2  29.33')).toEqual(
      new Map([
        ['customer', '00004'],
        ['date', '19970101'],
        ['cds', '2'],
        ['dollars', '29.33'],
      ]),
    );
    expect(read('x')).toBe('does not match the pattern of the mapping');
  });
});

describe('classify', () => {
  it.each([
    [{ status: 201 }, 'accepted'],
    [{ status: 201, replay: true }, 'duplicate'],
    [{ status: 422, problem: { code: 'IDEMPOTENCY_KEY_REUSED' } }, 'conflict'],
    [{ status: 409, problem: { code: 'ALREADY_EXISTS' } }, 'conflict'],
    [{ status: 409, problem: { code: 'IN_FLIGHT' } }, 'again'],
    [{ status: 429 }, 'again'],
    [{ status: 503, problem: { code: 'UNAVAILABLE' } }, 'again'],
    [{ status: 507, problem: { code: 'DISK_FULL' } }, 'again'],
    [{ status: 400, problem: { code: 'INVALID' } }, 'rejected'],
    [{ status: 409, problem: { code: 'CUSTOMER_ABSORBED' } }, 'rejected'],
  ])('%j: %s', (answer, expected) => expect(classify(answer)).toBe(expected));

  it('takes a customer who is there already as present', () => {
    expect(classifyCustomer({ status: 422, problem: { code: 'IDEMPOTENCY_KEY_REUSED' } })).toBe('present');
    expect(classifyCustomer({ status: 409, problem: { code: 'ILLEGAL_STATE' } })).toBe('present');
    expect(classifyCustomer({ status: 400, problem: { code: 'INVALID' } })).toBe('rejected');
    expect(classifyCustomer({ status: 503 })).toBe('again');
  });
});
