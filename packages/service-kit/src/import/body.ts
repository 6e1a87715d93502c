// The body of a command from a row, or why there is none.
import { tenureNamespace, uuid5 } from '@tenure/core';
import { amountIn } from './amounts.ts';
import { dateReader } from './dates.ts';
import { isFromColumn, type BodyMapping, type FromColumn, type Value } from './mapping-body.ts';
import type { Row, RowProblem } from './rows.ts';

const PRODUCTS = tenureNamespace('import/product');

/** The id of a product that is known by its code in another system. */
export const importedProductId = (system: string, product: string): string =>
  uuid5(PRODUCTS, system, product);

/** A text with `{column}` replaced. */
export const filled = (template: string, values: Row): string =>
  template.replaceAll(/\{([^{}]*)\}/g, (_, column: string) => values.get(column) ?? '').trim();

/** What is wrong with a column of a row. */
export type ColumnProblem = { readonly problem: Omit<RowProblem, 'row'> };

/** Absent: the row has no value there. */
type Read = { readonly value?: unknown } | ColumnProblem;

export type BodyFiller = (values: Row) => { readonly body: object } | ColumnProblem;

/** Compiles a body: what it answers depends on the row alone. */
export const bodyFiller = (body: BodyMapping, system: string): BodyFiller => {
  const fields = Object.entries(body).map(([field, value]) => ({ field, read: reader(value, system) }));
  return (values) => {
    const made: Record<string, unknown> = {};
    for (const { field, read } of fields) {
      const found = read(values);
      if ('problem' in found) return found;
      if (found.value !== undefined) made[field] = found.value;
    }
    return { body: made };
  };
};

const reader = (value: Value, system: string): ((values: Row) => Read) => {
  if (typeof value === 'string')
    return (values) => {
      const text = filled(value, values);
      return text === '' ? {} : { value: text };
    };
  if (typeof value !== 'object') return () => ({ value });
  if (isFromColumn(value)) return columnReader(value, system);
  const inner = bodyFiller(value, system);
  return (values) => {
    const made = inner(values);
    if ('problem' in made) return made;
    return Object.keys(made.body).length === 0 ? {} : { value: made.body };
  };
};

const columnReader = (from: FromColumn, system: string): ((values: Row) => Read) => {
  const { column } = from;
  const read = textReader(from, system);
  return (values) => {
    const text = values.get(column) ?? '';
    if (text === '' && !('codes' in from)) return {};
    const found = read(text);
    return 'reason' in found ? { problem: { column, reason: found.reason } } : found;
  };
};

type TextRead = { readonly value?: unknown } | { readonly reason: string };

const textReader = (from: FromColumn, system: string): ((text: string) => TextRead) => {
  if ('codes' in from) {
    const { codes, otherwise } = from;
    return (text) => {
      const value = Object.hasOwn(codes, text) ? codes[text] : (otherwise ?? (text === '' ? '' : undefined));
      if (value === undefined) return { reason: 'is none of the codes of the mapping' };
      return value === '' ? {} : { value };
    };
  }
  switch (from.as) {
    case 'number':
      return (text) =>
        /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? { value: Number(text) } : { reason: 'is no number' };
    case 'date': {
      const readDate = dateReader(from.format);
      return (text) => {
        const value = readDate(text);
        return value === null ? { reason: `is no date of the form ${from.format}` } : { value };
      };
    }
    case 'amount':
      return (text) => {
        const value = amountIn(text, from);
        return typeof value === 'string' ? { reason: value } : { value };
      };
    case 'list':
      return (text) => ({
        value: text
          .split(from.separator)
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      });
    case 'product':
      return (text) => ({ value: importedProductId(system, text) });
    default:
      return from satisfies never;
  }
};
