// Finding customers: by external id, or by an exact phone, e-mail or name through the blind index.
import { ruleViolated } from '@tenure/core';
import type { ProjectionReader } from '@tenure/projections';
import { BARE_EXTERNAL_ID, EXTERNAL_ID, externalIdKey } from './customer-360.ts';
import type { CustomerSlices } from './summary.ts';

/** More people than this under one name or id is no answer; the caller is to narrow it down. */
const MAX_FOUND = 200;

/** The blind-index hash of a value as it was entered; null where it gives none of this kind. */
export type SearchHash = (kind: string, value: string) => string | null;

type Search = Pick<ProjectionReader, 'search' | 'load'>;

/** Customers with this external id. @throws AMBIGUOUS_EXTERNAL_ID when a bare id exists in several systems. */
export const byExternalId = async (
  reader: Search,
  projection: string,
  externalId: string,
): Promise<readonly string[]> => {
  const colon = externalId.indexOf(':');
  if (colon > 0) {
    const hash = externalIdKey(externalId.slice(0, colon), externalId.slice(colon + 1));
    const exact = await reader.search(projection, { kind: EXTERNAL_ID, hash }, MAX_FOUND);
    if (exact.length > 0) return exact;
  }
  const id = externalId.trim();
  const bare = await reader.search(projection, { kind: BARE_EXTERNAL_ID, hash: id }, MAX_FOUND);
  const systems = await systemsOf(reader, projection, bare, id);
  if (systems.length > 1)
    throw ruleViolated(
      'AMBIGUOUS_EXTERNAL_ID',
      'The id exists in several systems; put one of them in front, as in system:id.',
      { systems },
    );
  return bare;
};

/** The systems in which these customers have the id, sorted. */
const systemsOf = async (
  reader: Search,
  projection: string,
  customers: readonly string[],
  wanted: string,
): Promise<readonly string[]> => {
  const documents = await reader.load(projection, customers);
  const systems = new Set<string>();
  for (const { body } of documents.values()) {
    const { customer } = (JSON.parse(body) as { readonly slices: CustomerSlices }).slices;
    for (const { system, id } of customer.externalIds)
      if (id.trim() === wanted) systems.add(system.trim().toLowerCase());
  }
  return [...systems].toSorted();
};

/** Customers whose e-mail, phone or name is exactly this, however it is written. */
export const byPersonalValue = async (
  reader: Search,
  projection: string,
  text: string,
  hashOf: SearchHash,
): Promise<readonly string[]> => {
  const found = await Promise.all(
    ['EMAIL', 'PHONE', 'NAME'].map(async (kind) => {
      const hash = hashOf(kind, text);
      return hash === null ? [] : reader.search(projection, { kind, hash }, MAX_FOUND);
    }),
  );
  return [...new Set(found.flat())];
};
