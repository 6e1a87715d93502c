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
  /** Whom he has absorbed himself; absent: nobody. Those have absorbed others before, maybe. */
  readonly absorbed?: readonly string[];
  /** Somebody registered him; absent: he is known by his id only. */
  readonly registered?: true;
};

type PartyEvents = {
  readonly CustomerRegistered: { readonly ownerId?: string | null };
  readonly AccountOwnerAssigned: { readonly ownerId: string };
  readonly CustomerAbsorbed: { readonly survivorId: string };
  readonly CustomerRestored: object;
  readonly CustomersMerged: { readonly absorbedIds: readonly string[] };
  readonly CustomersUnmerged: { readonly restoredIds: readonly string[] };
  readonly CustomerErased: object;
};

const partySlice = slice<Party, PartyEvents>({
  init: () => ({ ownerId: null, standing: 'present', survivorId: null }),
  on: {
    CustomerRegistered: (party, { data }) => ({
      ...party,
      ownerId: data.ownerId ?? null,
      registered: true,
    }),
    AccountOwnerAssigned: (party, { data }) => ({ ...party, ownerId: data.ownerId }),
    CustomerAbsorbed: (party, { data }) => ({ ...party, standing: 'absorbed', survivorId: data.survivorId }),
    CustomerRestored: (party) => ({ ...party, standing: 'present', survivorId: null }),
    CustomersMerged: (party, { data }) => ({
      ...party,
      absorbed: [...new Set([...(party.absorbed ?? []), ...data.absorbedIds])],
    }),
    CustomersUnmerged({ absorbed = [], ...party }, { data }) {
      const kept = absorbed.filter((id) => !data.restoredIds.includes(id));
      return kept.length === 0 ? party : { ...party, absorbed: kept };
    },
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

/** A list names so many customers at most: whoever is asked for, with everybody merged into them. */
const MAX_GROUP = 200;

/** These customers and everybody merged into them, also by way of others, each once. */
export const withAbsorbed = async (
  lookups: Pick<Lookups, 'get'>,
  customerIds: readonly string[],
): Promise<readonly string[]> => {
  const found = new Set(customerIds);
  for (let waiting: readonly string[] = [...found]; waiting.length > 0 && found.size < MAX_GROUP;) {
    const parties = await Promise.all(waiting.map((id) => readOne(lookups, id)));
    const claims = waiting.flatMap((survivorId, i) =>
      (parties[i]?.absorbed ?? []).map((id) => ({ id, survivorId })),
    );
    const claimed = await Promise.all(claims.map(({ id }) => readOne(lookups, id)));
    // Of two who claim one customer he himself says which has absorbed him.
    const merged = claims.filter(
      ({ survivorId }, i) => (claimed[i]?.survivorId ?? survivorId) === survivorId,
    );
    waiting = merged.map(({ id }) => id).filter((id) => !found.has(id));
    for (const id of waiting) found.add(id);
  }
  return [...found].slice(0, MAX_GROUP);
};

const readOne = async (lookups: Pick<Lookups, 'get'>, customerId: string): Promise<Party | null> => {
  const document = await lookups.get(PARTY_TABLE, customerId);
  if (document === undefined) return null;
  if (document.redirect !== null)
    return { ownerId: null, standing: 'absorbed', survivorId: document.redirect };
  const { slices } = JSON.parse(document.body) as { slices: Readonly<Record<string, unknown>> };
  return partyOf(slices) ?? null;
};
