// Lists that the server hands out page by page.
import type { Shell } from './shell.ts';

/** Largest page of the server. */
const PAGE = 500;

export const items = <T>(body: Readonly<Record<string, unknown>>): readonly T[] =>
  Array.isArray(body['items']) ? (body['items'] as readonly T[]) : [];

/** The first `limit` items of a list. `query`: its filters; those that are undefined are left out. */
export const pages = async <T>(
  shell: Shell,
  role: string,
  path: string,
  limit: number,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly T[]> => (await listed<T>(shell, role, path, limit, query)).found;

/** The same with the body of the first page, which may say more than the items. */
export const listed = async <T>(
  shell: Shell,
  role: string,
  path: string,
  limit: number,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly found: readonly T[]; readonly first: Readonly<Record<string, unknown>> }> => {
  const filters = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  const found: T[] = [];
  let first: Readonly<Record<string, unknown>> | undefined;
  let cursor: string | null = '';
  while (found.length < limit && cursor !== null) {
    const asked = new URLSearchParams(filters);
    asked.set('limit', String(Math.min(PAGE, limit - found.length)));
    if (cursor !== '') asked.set('cursor', cursor);
    const { body } = await shell.get(role, `${path}?${asked.toString()}`);
    first ??= body;
    found.push(...items<T>(body));
    cursor = typeof body['next'] === 'string' ? body['next'] : null;
  }
  return { found: found.slice(0, limit), first: first ?? {} };
};

/** The simple values of an event's data in one line. */
export const summary = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([field, value]) => `${field}=${String(value)}`)
    .join(' ');
