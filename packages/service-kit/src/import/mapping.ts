// What a mapping says: how a row is read, and what it means as a customer and an order.
import { isCurrency, isTimeZone } from '@tenure/core';
import { z } from 'zod';
import { dateFormatProblem } from './dates.ts';
import { fieldsOfPattern, patternProblem } from './pattern.ts';

const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be a code of 1–64 letters, digits, _ or -');
const columnName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and _');
const zone = z.string().refine(isTimeZone, 'must be an IANA time zone');
const currency = z.string().refine(isCurrency, 'must be an ISO 4217 code');
/** Columns from left to right; null: not needed. */
const columns = z.array(columnName.nullable()).min(1).max(200);

const Reading = z.discriminatedUnion('by', [
  /** Runs of blanks and tabs between the columns; outer ones do not count. */
  z.strictObject({ by: z.literal('space'), columns }),
  /** One character between the columns; a column may stand in double quotes (`""` inside means `"`). */
  z.strictObject({
    by: z.literal('delimiter'),
    delimiter: z.string().regex(/^[^"\r\n]$/, 'must be one character'),
    columns,
  }),
  /** A regular expression with a named group per column, for the whole line. */
  z.strictObject({
    by: z.literal('pattern'),
    pattern: z
      .string()
      .max(1000)
      .superRefine((pattern, context) => {
        const problem = patternProblem(pattern);
        if (problem !== null) context.addIssue({ code: 'custom', message: problem });
      }),
  }),
]);

const Customer = z.strictObject({
  /** The column with the customer's id in `system`. */
  id: columnName,
  kind: z.enum(['PERSON', 'ORGANISATION', 'CHANNEL_PARTNER', 'INTERNAL']),
  /** `{column}` stands for the value of a column. */
  name: z.string().min(1).max(200),
  locale: z.string().max(35),
  timeZone: zone,
  homeCurrency: currency,
});

const Amount = z.strictObject({
  column: columnName,
  currency,
  /** What separates the fraction (default `.`) and the thousands (default: nothing does). */
  decimal: z.enum(['.', ',']).default('.'),
  thousands: z.enum(['.', ',', ' ', "'"]).optional(),
});

const Order = z.strictObject({
  /** Columns that say which order it is. The date stands in it as YYYY-MM-DD. */
  naturalKey: z.array(columnName).min(1).max(10),
  /** True: rows of one natural key are different orders, counted in the order of the file. */
  occurrence: z.boolean(),
  channel: z.enum(['DIRECT', 'WEB_SHOP', 'PHONE', 'PARTNER', 'FIELD']),
  /** The product of the one line: its id derives from system and this code. */
  product: z.string().min(1).max(64),
  amount: Amount,
  /** Attributes of the line by name → column. */
  attributes: z.record(columnName, columnName).default({}),
  /** What has happened to an order of this file since it was placed; in one append with it. */
  afterwards: z.array(z.enum(['confirm', 'complete-fulfilment'])).max(2),
});

export const MappingSchema = z
  .strictObject({
    name: code,
    kind: z.literal('orders', 'must be orders: this version imports orders'),
    /** Where the ids come from: the key space of customers and orders, and the principal of the command ids. */
    system: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and -, at most 40'),
    read: Reading,
    headerLines: z.int().min(0).max(100),
    customer: Customer,
    date: z.strictObject({
      column: columnName,
      format: z.string().superRefine((format, context) => {
        const problem = dateFormatProblem(format);
        if (problem !== null) context.addIssue({ code: 'custom', message: problem });
      }),
      /** The order stands at 00:00 of its date in this zone. */
      zone,
    }),
    order: Order,
  })
  .superRefine((mapping, context) => {
    const known = columnsOf(mapping.read);
    for (const [path, column] of columnsNamed(mapping))
      if (!known.includes(column))
        context.addIssue({
          code: 'custom',
          path: [...path],
          message: `names the column ${column}, which is not read`,
        });
  });

export type Mapping = z.infer<typeof MappingSchema>;

/** The columns that a mapping reads, by name. */
export const columnsOf = (read: Mapping['read']): readonly string[] =>
  read.by === 'pattern' ? fieldsOfPattern(read.pattern) : read.columns.filter((name) => name !== null);

/** Names in `{…}` of a template. */
export const templateColumns = (template: string): readonly string[] =>
  [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);

type NamedColumn = readonly [path: readonly (string | number)[], column: string];

const columnsNamed = ({
  customer,
  date,
  order,
}: Pick<Mapping, 'customer' | 'date' | 'order'>): readonly NamedColumn[] => [
  [['customer', 'id'], customer.id],
  ...templateColumns(customer.name).map((column): NamedColumn => [['customer', 'name'], column]),
  [['date', 'column'], date.column],
  ...order.naturalKey.map((column, i): NamedColumn => [['order', 'naturalKey', i], column]),
  [['order', 'amount', 'column'], order.amount.column],
  ...Object.entries(order.attributes).map(([name, column]): NamedColumn => [
    ['order', 'attributes', name],
    column,
  ]),
];
