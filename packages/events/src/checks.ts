// Checks a value against its schema before it is written: nothing missing, nothing unknown, every type right.
// avsc would drop unknown fields silently.
import { UNKNOWN_SYMBOL, type RecordShape, type Shape } from './shape.ts';
import { MAX_LONG } from './whole.ts';

/** Where a value is wrong, and what belongs there. Never the value itself. */
export type Fault = { readonly path: string; readonly expected: string };

export type Check = (value: unknown) => Fault | undefined;

const MAX_INT = 2 ** 31;

export const checkOf = (shape: Shape): Check => {
  switch (shape.kind) {
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? undefined : fault('a boolean'));
    case 'int':
      return (value) =>
        isInteger(value) && value >= -MAX_INT && value < MAX_INT ? undefined : fault('an integer of 32 bits');
    case 'long':
      return (value) =>
        isInteger(value) && Math.abs(value) <= MAX_LONG ? undefined : fault('an integer below 2^53');
    case 'string':
      return checkString;
    case 'bytes':
      return (value) => (value instanceof Uint8Array ? undefined : fault('bytes'));
    case 'optional':
      return optional(checkOf(shape.of));
    case 'array':
      return array(checkOf(shape.items));
    case 'map':
      return map(checkOf(shape.values));
    case 'enum':
      return symbol(new Set(shape.symbols.filter((name) => name !== UNKNOWN_SYMBOL)));
    case 'record':
      return record(shape);
    default:
      return shape satisfies never;
  }
};

const fault = (expected: string): Fault => ({ path: '', expected });

const within = (step: string, { path, expected }: Fault): Fault => ({
  path: path === '' ? step : `${step}.${path}`,
  expected,
});

const isInteger = (value: unknown): value is number => Number.isInteger(value);

// A lone surrogate has no UTF-8: it would come back as another text.
const checkString: Check = (value) =>
  typeof value === 'string' && value.isWellFormed() ? undefined : fault('a well-formed string');

const optional =
  (some: Check): Check =>
  (value) =>
    value === null || value === undefined ? undefined : some(value);

const symbol = (symbols: ReadonlySet<unknown>): Check => {
  const expected = `one of ${[...symbols].join(', ')}`;
  return (value) => (symbols.has(value) ? undefined : fault(expected));
};

const array =
  (item: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return fault('an array');
    for (let i = 0; i < value.length; i++) {
      const wrong = item(value[i]);
      if (wrong !== undefined) return within(String(i), wrong);
    }
    return undefined;
  };

const map =
  (check: Check): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault('an object');
    for (const key of Object.keys(value)) {
      // As a name of a plain object it would be lost on reading.
      if (key === '__proto__' || !key.isWellFormed()) return fault('an object with ordinary names');
      const wrong = check((value as Readonly<Record<string, unknown>>)[key]);
      if (wrong !== undefined) return within('*', wrong);
    }
    return undefined;
  };

const record = (shape: RecordShape): Check => {
  const fields = shape.fields.map(({ name, shape: inner }) => ({
    name,
    required: inner.kind !== 'optional',
    check: checkOf(inner),
  }));
  const known = new Set(fields.map(({ name }) => name));
  return (value) => {
    if (typeof value !== 'object' || value === null) return fault('an object');
    const values = value as Readonly<Record<string, unknown>>;
    let present = 0;
    for (const { name, required, check } of fields) {
      const inner = values[name];
      if (inner === undefined) {
        if (required) return within(name, fault('a value; it is missing'));
        if (name in values) present++;
        continue;
      }
      present++;
      const wrong = check(inner);
      if (wrong !== undefined) return within(name, wrong);
    }
    const names = Object.keys(values);
    if (names.length === present) return undefined;
    return within(
      names.find((name) => !known.has(name)) ?? '',
      fault('nothing; the schema has no such field'),
    );
  };
};
