// What a mapping says: how a row is read, and what it means.
import { z } from 'zod';
import { KINDS } from './kinds.ts';
import { Body, columnsOfBody, Step, type StepMapping } from './mapping-body.ts';
import {
  amountForm,
  columnName,
  Customer,
  head,
  naturalKey,
  NamedCustomer,
  Reading,
  templateColumns,
} from './mapping-parts.ts';
import { fieldsOfPattern } from './pattern.ts';

const Order = z.strictObject({
  naturalKey,
  /** True: rows of one natural key are different orders, counted in the order of the file. */
  occurrence: z.boolean(),
  channel: z.enum(['DIRECT', 'WEB_SHOP', 'PHONE', 'PARTNER', 'FIELD']),
  /** The product of the one line: its id derives from system and this code. */
  product: z.string().min(1).max(64),
  amount: z.strictObject({ column: columnName, ...amountForm }),
  /** Attributes of the line by name → column. */
  attributes: z.record(columnName, columnName).default({}),
  /** What has happened to an order of this file since it was placed; in one append with it. */
  afterwards: z.array(z.enum(['confirm', 'complete-fulfilment'])).max(2),
});

/** Rows whose fields are laid out one by one: `body` is the creating command's, `afterwards` what happened since. */
const laidOut = { body: Body.prefault({}), afterwards: z.array(Step).max(18).default([]) };

const Kinds = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ ...head, kind: z.literal('orders'), customer: Customer, order: Order }),
    z.strictObject({ ...head, kind: z.literal('customers'), customer: Customer, ...laidOut }),
    z.strictObject({ ...head, kind: z.literal('leads'), naturalKey, ...laidOut }),
    z.strictObject({
      ...head,
      kind: z.literal('cases'),
      customer: z.union([Customer, NamedCustomer]),
      naturalKey,
      ...laidOut,
    }),
    z.strictObject({
      ...head,
      kind: z.literal('loyalty'),
      customer: z.union([Customer, NamedCustomer]),
      /** The programme, which has to be there and live. */
      programId: z.uuid(),
      ...laidOut,
    }),
  ],
  { error: 'must be orders, customers, leads, cases or loyalty' },
);

export const MappingSchema = Kinds.superRefine((mapping, context) => {
  checkCommands(mapping, context);
  const known = columnsOf(mapping.read);
  for (const [path, column] of columnsNamed(mapping))
    if (!known.includes(column))
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: `names the column ${column}, which is not read`,
      });
});

const checkCommands = (mapping: z.infer<typeof Kinds>, context: z.RefinementCtx): void => {
  if (mapping.kind === 'orders') return;
  const known: readonly string[] = KINDS[mapping.kind].commands;
  for (const [i, { command }] of mapping.afterwards.entries())
    if (!known.includes(command))
      context.addIssue({
        code: 'custom',
        path: ['afterwards', i, 'command'],
        message: `must be one of ${known.join(', ')}`,
      });
};

export type Mapping = z.infer<typeof MappingSchema>;
export type Kind = Mapping['kind'];
export type OrderMapping = Extract<Mapping, { readonly kind: 'orders' }>;
/** All others: their body is laid out field by field. */
export type LaidOutMapping = Exclude<Mapping, OrderMapping>;
export { templateColumns };

/** The columns that a mapping reads, by name. */
export const columnsOf = (read: z.infer<typeof Reading>): readonly string[] =>
  read.by === 'pattern' ? fieldsOfPattern(read.pattern) : read.columns.filter((name) => name !== null);

type NamedColumn = readonly [path: readonly (string | number)[], column: string];

const columnsNamed = (mapping: Mapping): readonly NamedColumn[] => [
  [['date', 'column'], mapping.date.column],
  ...('customer' in mapping ? columnsOfCustomer(mapping.customer) : []),
  ...('naturalKey' in mapping ? columnsOfKey(['naturalKey'], mapping.naturalKey) : []),
  ...(mapping.kind === 'orders'
    ? columnsOfOrder(mapping.order)
    : [...under('body', columnsOfBody(mapping.body)), ...columnsOfSteps(mapping.afterwards)]),
];

const under = (name: string | number, named: readonly NamedColumn[]): readonly NamedColumn[] =>
  named.map(([path, column]) => [[name, ...path], column]);

const columnsOfKey = (path: readonly string[], key: readonly string[]): readonly NamedColumn[] =>
  key.map((column, i) => [[...path, i], column]);

const columnsOfCustomer = (customer: {
  readonly id: string;
  readonly name?: string;
}): readonly NamedColumn[] =>
  under('customer', [
    [['id'], customer.id],
    ...templateColumns(customer.name ?? '').map((column): NamedColumn => [['name'], column]),
  ]);

const columnsOfOrder = (order: OrderMapping['order']): readonly NamedColumn[] =>
  under('order', [
    ...columnsOfKey(['naturalKey'], order.naturalKey),
    [['amount', 'column'], order.amount.column],
    ...Object.entries(order.attributes).map(([name, column]): NamedColumn => [['attributes', name], column]),
  ]);

const columnsOfSteps = (steps: readonly StepMapping[]): readonly NamedColumn[] =>
  steps.flatMap((step, i) =>
    under(
      'afterwards',
      under(i, [
        ...under('body', columnsOfBody(step.body)),
        ...(step.when === undefined ? [] : [[['when', 'column'], step.when.column] as const]),
        ...(step.on === undefined ? [] : [[['on', 'column'], step.on.column] as const]),
      ]),
    ),
  );
