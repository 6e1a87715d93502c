// Finding customers: by external id, by an exact phone, e-mail or name (through the blind index), or by filters.
import { TenureError } from '@tenure/core';

import type { ProjectionReader } from '@tenure/projections';
import type { StoredDocument } from '@tenure/read-models';
import { BARE_EXTERNAL_ID, EXTERNAL_ID } from './customer-360.ts';
import type { CustomerSlices } from './summary.ts';

/** More people than this under one name or id is no answer; the caller is to narrow it down. */
const MAX_FOUND = 200;

/** The blind-index hash of a value as it was entered; null where it gives none of this kind. */
export type SearchHash = (kind: string, value: string) => string | null;

/** Documents with this external id. @throws AMBIGUOUS_EXTERNAL_ID when a bare id exists in several systems. */
export const byExternalId = async (
  reader: ProjectionReader,
  externalId: string,
): Promise<readonly StoredDocument[]> => {
  const exact = await found(reader, EXTERNAL_ID, externalId);
  if (exact.length > 0) return exact;
  const bare = await found(reader, BARE_EXTERNAL_ID, externalId);
  const systems = [...new Set(bare.flatMap((document) => systemsOf(document, externalId)))].toSorted();
  if (systems.length > 1)
    throw new TenureError(
      'AMBIGUOUS_EXTERNAL_ID',
      'The id exists in several systems; put one of them in front, as in system:id.',
      { rule: true, systems },
    );
  return bare;
};

const systemsOf = (document: StoredDocument, externalId: string): readonly string[] => {
  const { slices } = JSON.parse(document.body) as { readonly slices: CustomerSlices };
  return slices.customer.externalIds.filter(({ id }) => id === externalId).map(({ system }) => system);
};

/** Documents whose e-mail, phone or name is exactly this, however it is written. */
export const byPersonalValue = async (
  reader: ProjectionReader,
  text: string,
  hashOf: SearchHash,
): Promise<readonly StoredDocument[]> => {
  const ids = new Map<string, StoredDocument>();
  for (const kind of ['EMAIL', 'PHONE', 'NAME'] as const) {
    const hash = hashOf(kind, text);
    if (hash === null) continue;
    for (const document of await found(reader, kind, hash)) ids.set(document.id, document);
  }
  return [...ids.values()];
};

const found = async (
  reader: ProjectionReader,
  kind: string,
  hash: string,
): Promise<readonly StoredDocument[]> => {
  const ids = await reader.search('customer-360', { kind, hash }, MAX_FOUND);
  const documents = await reader.load('customer-360', ids);
  return ids.flatMap((id) => documents.get(id) ?? []);
};
