// One customer's stored document, or why there is none to show.
import { TenureError } from '@tenure/core';
import type { Answer, Kit } from '@tenure/http';
import type { StoredDocument } from '@tenure/read-models';
import type { CustomerSlices } from '../summary.ts';

export type Found =
  | { readonly document: StoredDocument; readonly moved?: never }
  | { readonly document?: never; readonly moved: Answer };

/**
 * The document of a customer; `moved` answers for one that was merged into another: 308 to the same path of the
 * survivor.
 * @throws NOT_FOUND, CUSTOMER_ERASED
 */
export const storedCustomer = async (
  { reader }: Pick<Kit, 'reader'>,
  projection: string,
  { id, path }: { readonly id: string; readonly path: string },
): Promise<Found> => {
  const document = (await reader.load(projection, [id])).get(id);
  if (document === undefined)
    throw new TenureError('NOT_FOUND', 'There is no customer with this id, or nothing is known of it yet.');
  if (document.redirect !== null)
    return { moved: { status: 308, headers: { Location: path.replace(id, document.redirect) } } };
  if (statusOf(document) === 'Erased')
    throw new TenureError('CUSTOMER_ERASED', 'The customer was erased; nothing personal is left.');
  return { document };
};

// A parked customer may have no body yet: nothing is known that would speak against showing that.
const statusOf = ({ body }: StoredDocument): string | undefined =>
  body === '' ? undefined : (JSON.parse(body) as { slices: Partial<CustomerSlices> }).slices.customer?.status;
