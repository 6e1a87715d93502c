// Where two documents differ, as JSON pointers: for verification, and for comparing generations field by field.
import type { SearchEntry, StoredDocument } from '@tenure/read-models';

/** A document differs in few places or in all of them; nobody reads more than these. */
const MAX_PATHS = 50;

/** What of a document must be equal however it came about. */
export type Comparable = Pick<
  StoredDocument,
  'key' | 'partition' | 'body' | 'vector' | 'sealed' | 'redirect' | 'columns' | 'wakeAt'
> & { readonly search: readonly SearchEntry[] };

/** Paths at which `stored` is not what it should be; empty: equal to the byte. */
export const differences = (
  stored: Comparable,
  fresh: Comparable,
  columns: readonly { readonly name: string }[],
): readonly string[] => {
  const paths: string[] = [];
  if (stored.body !== fresh.body) paths.push(...bodyPaths(stored.body, fresh.body));
  for (const [i, { name }] of columns.entries())
    if ((stored.columns[i] ?? null) !== (fresh.columns[i] ?? null)) paths.push(`/columns/${name}`);
  paths.push(...valuePaths(stored.vector, fresh.vector, '/vector'));
  if (!sameBytes(stored.sealed, fresh.sealed)) paths.push('/sealed');
  if (isLate(stored.wakeAt, fresh.wakeAt)) paths.push('/wakeAt');
  if (!sameEntries(stored.search, fresh.search)) paths.push('/search');
  for (const field of ['key', 'partition', 'redirect'] as const)
    if (stored[field] !== fresh[field]) paths.push(`/${field}`);
  return paths.slice(0, MAX_PATHS);
};

// When to wake may be told differently on another day and still be right: earlier is safe, later is wrong.
const isLate = (stored: number | null, fresh: number | null): boolean =>
  fresh !== null && (stored === null || stored > fresh);

const sameEntries = (a: readonly SearchEntry[], b: readonly SearchEntry[]): boolean => {
  const known = new Set(a.map(nameOf));
  return known.size === new Set(b.map(nameOf)).size && b.every((entry) => known.has(nameOf(entry)));
};
const nameOf = ({ kind, hash }: SearchEntry): string => `${kind}\n${hash}`;

/** `/` where the text itself is damaged: no JSON, or other bytes for equal values. */
const bodyPaths = (stored: string, fresh: string): readonly string[] => {
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return ['/']; // that it cannot be read is the finding
  }
  const paths = valuePaths(value, JSON.parse(fresh === '' ? 'null' : fresh), '');
  return paths.length === 0 ? ['/'] : paths;
};

/** Leaves at which two JSON values differ. */
export const valuePaths = (a: unknown, b: unknown, path: string): readonly string[] => {
  if (Object.is(a, b)) return [];
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b))
    return [path === '' ? '/' : path];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const paths: string[] = [];
  for (const name of names) {
    if (paths.length >= MAX_PATHS) break;
    paths.push(
      ...valuePaths(a[name], b[name], `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  }
  return paths;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
