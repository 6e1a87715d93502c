// Who owns a customer and whether he is still there: folded by every service from the source `customer`, for rights
// (own/team) and for the answers 409 CUSTOMER_ABSORBED and 410 CUSTOMER_ERASED.
import { column, projection, slice, type ProjectionDefinition } from '@tenure/projections';
import type { Lookups } from './definition.ts';

/** The name of the table in `Lookups`. */
export const PARTY_TABLE = 'party';

/** What a service knows of a customer. A customer nobody has registered is simply not there. */
export type Party = {
  readonly ownerId: string | null;
  readonly standing: 'present' | 'absorbed' | 'erased';
  readonly survivorId: string | null;
};

type PartyEvents = {
  readonly CustomerRegistered: { readonly ownerId?: string | null };
  readonly AccountOwnerAssigned: { readonly ownerId: string };
  readonly CustomerAbsorbed: { readonly survivorId: string };
  readonly CustomerRestored: object;
  readonly CustomerErased: object;
};

const partySlice = slice<Party, PartyEvents>({
  init: () => ({ ownerId: null, standing: 'present', survivorId: null }),
  on: {
    CustomerRegistered: (party, { data }) => ({ ...party, ownerId: data.ownerId ?? null }),
    AccountOwnerAssigned: (party, { data }) => ({ ...party, ownerId: data.ownerId }),
    CustomerAbsorbed: (party, { data }) => ({ ...party, standing: 'absorbed', survivorId: data.survivorId }),
    CustomerRestored: (party) => ({ ...party, standing: 'present', survivorId: null }),
    CustomerErased: (party) => ({ ...party, ownerId: null, standing: 'erased' }),
  },
});

/** The party table of a service; list it under `lookups`. */
export const partyLookup = (service: string): ProjectionDefinition =>
  projection({
    name: lookupName(service, PARTY_TABLE),
    version: 1,
    slices: { customer: partySlice },
    columns: [
      column('owner', 'text', (party) => partyOf(party.slices)?.ownerId ?? null, {
        en: 'Account owner',
        zh: '客户负责人',
      }),
    ],
  });

/** The projection behind a lookup table of a service. */
export const lookupName = (service: string, table: string): string => `${service}-${table}`;

const partyOf = (slices: Readonly<Record<string, unknown>>): Party | undefined =>
  slices['customer'] as Party | undefined;

/** Chains of merges are short; a longer one is a loop. */
const MAX_MERGES = 50;

/** Reads a customer's party from the table; the survivor is the last one of a chain of merges. */
export const readParty = async (lookups: Lookups, customerId: string): Promise<Party | null> => {
  const first = await readOne(lookups, customerId);
  if (first?.standing !== 'absorbed') return first;
  let survivorId = first.survivorId;
  for (let hops = 0; hops < MAX_MERGES && survivorId !== null; hops++) {
    const next = await readOne(lookups, survivorId);
    if (next?.standing !== 'absorbed' || next.survivorId === null) break;
    survivorId = next.survivorId;
  }
  return { ...first, survivorId };
};

const readOne = async (lookups: Lookups, customerId: string): Promise<Party | null> => {
  const document = await lookups.get(PARTY_TABLE, customerId);
  if (document === undefined) return null;
  if (document.redirect !== null)
    return { ownerId: null, standing: 'absorbed', survivorId: document.redirect };
  const { slices } = JSON.parse(document.body) as { slices: Readonly<Record<string, unknown>> };
  return partyOf(slices) ?? null;
};
