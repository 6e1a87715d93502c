// From what people type to a customer.
import { TenureError } from '@tenure/core';
import { count } from '../format.ts';
import { pages } from '../pages.ts';
import type { Shell } from '../shell.ts';

/** Names belong to the picture of a customer: the least role that sees all of them. */
export const READER = 'supervisor';

export type CustomerItem = {
  readonly id: string;
  readonly status: string;
  readonly name: string | null;
  readonly externalIds: readonly { readonly system: string; readonly id: string }[];
  readonly ownerId: string | null;
  readonly lifecycle: string | null;
  readonly stage: string | null;
  readonly level: string | null;
  readonly updatedAt: string | null;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** As in `cdnow:00004`. */
const SYSTEM_ID = /^[A-Za-z0-9][\w.-]*:\S/;
/** What could be an id without its system. */
const BARE_ID = /^[\w./-]+$/;

/** What to ask, one after the other until somebody is found. */
const questionsOf = (text: string): readonly Readonly<Record<string, string>>[] => {
  if (UUID.test(text)) return [{ customerId: text.toLowerCase() }];
  const personal = { q: text };
  if (SYSTEM_ID.test(text)) return [{ externalId: text }, personal];
  return BARE_ID.test(text) ? [personal, { externalId: text }] : [personal];
};

/** @throws USAGE for an empty text */
export const findCustomers = async (
  shell: Shell,
  given: string,
  limit: number,
): Promise<readonly CustomerItem[]> => {
  const text = given.trim();
  if (text === '')
    throw new TenureError('USAGE', 'Say what to look for: an external id, e-mail, phone or name.');
  for (const question of questionsOf(text)) {
    const found = await pages<CustomerItem>(shell, READER, '/api/customers', limit, question);
    if (found.length > 0) return found;
  }
  return [];
};

/** More than that is not read by anybody who looks for one. */
const SEVERAL = 10;

/** The one customer that is meant. @throws NOT_FOUND, USAGE when there are several */
export const oneCustomer = async (shell: Shell, text: string): Promise<string> => {
  if (UUID.test(text)) return text.toLowerCase();
  const found = await findCustomers(shell, text, SEVERAL);
  const [first, second] = found;
  if (first === undefined) throw nobody();
  if (second !== undefined)
    throw new TenureError(
      'USAGE',
      `${found.length === SEVERAL ? 'Many' : count(found.length, 'customer')} match; name one by its id: ${found.map(({ id }) => id).join(', ')}${found.length === SEVERAL ? ', …' : '.'}`,
    );
  return first.id;
};

export const nobody = (): TenureError =>
  new TenureError(
    'NOT_FOUND',
    'Nobody is found. An e-mail, phone or name has to match as a whole; an external id is written system:id.',
  );
