// What mappings of every kind have in common: how a row is read, whose it is, when it was.
import { isCurrency, isTimeZone } from '@tenure/core';
import { z } from 'zod';
import { dateFormatProblem } from './dates.ts';
import { patternProblem } from './pattern.ts';

export const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be a code of 1–64 letters, digits, _ or -');
export const columnName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and _');
export const zone = z.string().refine(isTimeZone, 'must be an IANA time zone');
export const currency = z.string().refine(isCurrency, 'must be an ISO 4217 code');
/** Columns from left to right; null: not needed. */
const columns = z.array(columnName.nullable()).min(1).max(200);

export const Reading = z.discriminatedUnion('by', [
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

/** How a customer is registered when a row is the first to name him. */
const registration = {
  kind: z.enum(['PERSON', 'ORGANISATION', 'CHANNEL_PARTNER', 'INTERNAL']),
  /** `{column}` stands for the value of a column. */
  name: z.string().min(1).max(200),
  locale: z.string().max(35),
  timeZone: zone,
  homeCurrency: currency,
};

/** `id`: the column with the customer's id in `system`. */
export const Customer = z.strictObject({ id: columnName, ...registration });
/** Only named: another import brings him, or he stays known by his id alone. */
export const NamedCustomer = z.strictObject({ id: columnName });

export const dateFormat = z.string().superRefine((format, context) => {
  const problem = dateFormatProblem(format);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** When the row was, on the calendar and the clocks of this zone; without a time of day at 00:00. */
export const Dated = z.strictObject({ column: columnName, format: dateFormat, zone });

/** How an amount is written: what separates the fraction (default `.`) and the thousands (default: nothing does). */
export const amountForm = {
  currency,
  decimal: z.enum(['.', ',']).default('.'),
  thousands: z.enum(['.', ',', ' ', "'"]).optional(),
};

export const head = {
  name: code,
  /** Where the ids come from: the key space of what is imported, and the principal of the command ids. */
  system: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and -, at most 40'),
  read: Reading,
  headerLines: z.int().min(0).max(100),
  date: Dated,
};

/** Columns that say which one it is. The date stands in it as YYYY-MM-DD. */
export const naturalKey = z.array(columnName).min(1).max(10);

/** Names in `{…}` of a template. */
export const templateColumns = (template: string): readonly string[] =>
  [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
