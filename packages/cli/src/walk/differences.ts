// Where a value is not what was expected: only what is expected is looked at.

/** `path`: JSON pointer into the value. */
export type Difference = { readonly path: string; readonly expected: unknown; readonly found: unknown };

/** Objects may have more than is expected; lists are compared item by item and have the same length. */
export const differences = (expected: unknown, found: unknown, path = ''): readonly Difference[] => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return [{ path, expected, found }];
    return expected.flatMap((item, i) => differences(item, found[i], `${path}/${i}`));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof found !== 'object' || found === null) return [{ path, expected, found: found ?? null }];
    return Object.entries(expected).flatMap(([name, value]) =>
      differences(value, (found as Readonly<Record<string, unknown>>)[name], `${path}/${name}`),
    );
  }
  return Object.is(expected, found ?? null) || expected === found
    ? []
    : [{ path, expected, found: found ?? null }];
};
