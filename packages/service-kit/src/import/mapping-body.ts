// How the body of a command is laid out from a row: constants, templates, and columns that are read as something.
import { z } from 'zod';
import { amountForm, columnName, dateFormat, templateColumns } from './mapping-parts.ts';

/** Fields of commands; a body within a body is as deep as commands have it. */
const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'must be the name of a field in camel case');
const MAX_FIELDS = 50;

/** A column read as something else than its text. An empty one gives no field. */
const FromColumn = z.union([
  /** Codes of the file → values of the command; `otherwise` for all others, without it they are refused. */
  z.strictObject({
    column: columnName,
    codes: z.record(z.string().max(200), z.string().max(200)),
    otherwise: z.string().max(200).optional(),
  }),
  z.strictObject({ column: columnName, as: z.literal('number') }),
  z.strictObject({ column: columnName, as: z.literal('date'), format: dateFormat }),
  z.strictObject({ column: columnName, as: z.literal('amount'), ...amountForm }),
  /** Several values in one column. */
  z.strictObject({ column: columnName, as: z.literal('list'), separator: z.string().length(1) }),
  /** The id that an import of orders of this system gives a product with this code. */
  z.strictObject({ column: columnName, as: z.literal('product') }),
]);
export type FromColumn = z.infer<typeof FromColumn>;

/** A text is a template: `{column}` stands for the value of a column; what comes out empty gives no field. */
export type Value = string | number | boolean | FromColumn | { readonly [field: string]: Value };

const Value: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.string().max(1_000),
    z.number(),
    z.boolean(),
    FromColumn,
    z.record(fieldName, Value).refine((fields) => !('column' in fields), 'is no way to read a column'),
  ]),
);

export type BodyMapping = Readonly<Record<string, Value>>;
export const Body: z.ZodType<BodyMapping> = z
  .record(fieldName, Value)
  .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, `has more than ${MAX_FIELDS} fields`);

/** A further command of the same row, if it is for this row; dated like the row unless it has a date of its own. */
export const Step = z.strictObject({
  command: z.string().regex(/^[a-z][a-z-]{0,59}$/, 'must be a command as in its path: resolve'),
  body: Body.prefault({}),
  /** Only where the column has one of these values, or none of those; by default: where it is not empty. */
  when: z
    .strictObject({
      column: columnName,
      is: z.array(z.string().max(200)).min(1).max(50).optional(),
      isNot: z.array(z.string().max(200)).min(1).max(50).optional(),
    })
    .optional(),
  on: z.strictObject({ column: columnName, format: dateFormat }).optional(),
});
export type StepMapping = z.infer<typeof Step>;

export const isFromColumn = (value: Value): value is FromColumn =>
  typeof value === 'object' && 'column' in value && typeof value.column === 'string';

/** The columns that a body names, with the place. */
export const columnsOfBody = (
  body: BodyMapping,
): readonly (readonly [path: readonly (string | number)[], column: string])[] =>
  Object.entries(body).flatMap(([field, value]) => {
    if (typeof value === 'string') return templateColumns(value).map((column) => [[field], column] as const);
    if (typeof value !== 'object') return [];
    if (isFromColumn(value)) return [[[field, 'column'], value.column] as const];
    return columnsOfBody(value).map(([path, column]) => [[field, ...path], column] as const);
  });
