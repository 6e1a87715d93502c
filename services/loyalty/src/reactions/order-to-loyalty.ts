// OrderToLoyalty: a fulfilled order makes a member and earns points, line by line.
import { subtract } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { OrderEvents } from '@tenure/events/generated/order';
import { reaction, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import { readCustomer } from '../customer-lookup.ts';
import { earningAt, isLive } from '../program.ts';
import { membershipsOf, type Membership } from '../programs.ts';
import { enrols } from './enrol.ts';

type Gathered = { readonly kind: string | null; readonly memberships: readonly Membership[] };

/** Whom a programme takes in by itself; whoever is known by his id only may be a person as well as not. */
const joins = (kind: string | null): boolean => kind === null || kind === 'PERSON' || kind === 'ORGANISATION';

const earns = (
  { data: { orderId, lines }, occurredAt, key }: DecodedEvent<string, OrderEvents['OrderFulfilled']>,
  { program, accountId }: Membership,
): readonly IssuedCommand[] => {
  const rules = earningAt(program, occurredAt)?.rules ?? [];
  return lines.flatMap(({ lineId, qty, total, tax }) =>
    rules.map(({ ruleId }) => ({
      aggregate: 'loyaltyaccount',
      id: accountId,
      customerId: key,
      command: 'AccruePoints',
      body: {
        sourceType: 'ORDER',
        sourceId: orderId,
        sourceLineId: lineId,
        ruleId,
        base: subtract(total, tax),
        qty,
      },
    })),
  );
};

export const orderToLoyalty: Reaction = reaction<Gathered>({
  name: 'OrderToLoyalty',
  on: { order: ['OrderFulfilled'] },
  async gather(sources, { key }) {
    const [{ kind }, memberships] = await Promise.all([
      readCustomer(sources.lookups, key),
      membershipsOf(sources, key),
    ]);
    return { kind, memberships };
  },
  react(event, { zone, gathered: { kind, memberships } }) {
    const fulfilled = event as DecodedEvent<string, OrderEvents['OrderFulfilled']>;
    // The same commands at every delivery, whatever has become of the account since: their place in the list is their id.
    // Who is a member already is not enrolled again; who is none, and does not become one, earns nothing.
    return memberships
      .filter(({ program }) => isLive(program, event.occurredAt, zone))
      .flatMap((membership) => [
        ...(membership.program.autoEnrol && joins(kind) ? [enrols(membership, event.key)] : []),
        ...earns(fulfilled, membership),
      ]);
  },
});
