// A line as named values.
import { columnsOf, type Mapping } from './mapping.ts';

/** The values of a row by column. */
export type Row = ReadonlyMap<string, string>;

/** Why a row cannot be used. `column`: null when it is the whole row. Never repeats what stands in it. */
export type RowProblem = { readonly row: number; readonly column: string | null; readonly reason: string };

export type RowReader = (text: string) => Row | string;

/** A pattern looks at every character of a line that a person could read. */
const MAX_PATTERN_LINE = 4096;

/** Compiles how a mapping reads its rows. A row that does not fit answers with the reason. */
export const rowReader = (mapping: Mapping): RowReader => {
  const { read } = mapping;
  switch (read.by) {
    case 'space':
      return (text) => named(read.columns, text.trim().split(/[ \t]+/));
    case 'delimiter':
      return (text) => {
        const values = splitDelimited(text, read.delimiter);
        return typeof values === 'string' ? values : named(read.columns, values);
      };
    case 'pattern':
      return patternReader(read.pattern, columnsOf(read));
    default:
      return read satisfies never;
  }
};

const named = (columns: readonly (string | null)[], values: readonly string[]): Row | string => {
  if (values.length !== columns.length) return `has ${values.length} columns instead of ${columns.length}`;
  return new Map(
    columns.flatMap((name, i) => (name === null ? [] : [[name, (values[i] ?? '').trim()] as const])),
  );
};

const patternReader = (pattern: string, names: readonly string[]): RowReader => {
  const expression = new RegExp(pattern, 'u');
  return (text) => {
    const groups = text.length > MAX_PATTERN_LINE ? undefined : expression.exec(text)?.groups;
    if (groups === undefined) return 'does not match the pattern of the mapping';
    return new Map(names.map((name) => [name, (groups[name] ?? '').trim()]));
  };
};

/** Columns between delimiters, some of them in double quotes; line breaks inside of quotes are not supported. */
export const splitDelimited = (text: string, delimiter: string): readonly string[] | string => {
  const values: string[] = [];
  for (let at = 0; ; at++) {
    const quoted = text[at] === '"';
    const taken = quoted ? takeQuoted(text, at + 1) : takePlain(text, at, delimiter);
    if (taken === null) return 'has a quote that does not end';
    values.push(taken.value);
    at = taken.end;
    if (at >= text.length) return values;
    if (text[at] !== delimiter) return 'has text behind a closing quote';
  }
};

type Taken = { readonly value: string; readonly end: number };

const takePlain = (text: string, from: number, delimiter: string): Taken => {
  const next = text.indexOf(delimiter, from);
  const end = next < 0 ? text.length : next;
  return { value: text.slice(from, end), end };
};

const takeQuoted = (text: string, from: number): Taken | null => {
  let value = '';
  for (let at = from; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return null;
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
};
