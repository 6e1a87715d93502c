// One text per value: object keys sorted, so that equal values are equal bytes however they came about.

/**
 * JSON with the keys of every object in code-unit order; whole numbers as keys come first, by value (a JavaScript
 * object has no other order for them). Undefined properties are left out; NaN and Infinity are refused.
 */
export const canonicalJson = (value: unknown): string => JSON.stringify(inOrder(value));

// Documents that were stored come back in order and a spread keeps it: mostly nothing has to be copied.
const inOrder = (value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError('a document holds a number that JSON cannot express');
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value)
    ? orderedArray(value)
    : orderedObject(value as Readonly<Record<string, unknown>>);
};

const orderedArray = (items: readonly unknown[]): readonly unknown[] => {
  let copy: unknown[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const ordered = inOrder(items[i]);
    if (ordered !== items[i]) (copy ??= [...items])[i] = ordered;
  }
  return copy ?? items;
};

const orderedObject = (object: Readonly<Record<string, unknown>>): object => {
  const keys = Object.keys(object);
  let sorted = true;
  let unchanged = true;
  let before = '';
  const values: unknown[] = [];
  for (const key of keys) {
    if (key < before) sorted = false;
    before = key;
    const value = object[key];
    const ordered = inOrder(value);
    if (ordered !== value) unchanged = false;
    values.push(ordered);
  }
  if (sorted && unchanged) return object;
  const entries = keys.map((key, i): [string, unknown] => [key, values[i]]);
  if (!sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
};
