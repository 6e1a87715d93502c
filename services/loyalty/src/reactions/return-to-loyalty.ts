// ReturnToLoyalty: what comes back, or is not bought after all, takes with it what it had earned.
import type { DecodedEvent } from '@tenure/events';
import type { OrderEvents } from '@tenure/events/generated/order';
import { reaction, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import type { Lot } from '../lots.ts';
import { membershipsOf, type Membership } from '../programs.ts';

type Gathered = { readonly memberships: readonly Membership[] };
type Refund = DecodedEvent<'RefundIssued', OrderEvents['RefundIssued']>;
type Cancellation = DecodedEvent<'OrderCancelled', OrderEvents['OrderCancelled']>;

const earnedBy = ({ account }: Membership, orderId: string): readonly Lot[] =>
  account.lots.filter(({ source }) => source?.type === 'ORDER' && source.id === orderId);

const reverses = (accountId: string, customerId: string, body: object): IssuedCommand => ({
  aggregate: 'loyaltyaccount',
  id: accountId,
  customerId,
  command: 'ReverseAccrual',
  body,
});

const refunded = ({ data, key }: Refund, membership: Membership): readonly IssuedCommand[] =>
  data.lines.flatMap(({ lineId, qty }) =>
    earnedBy(membership, data.orderId)
      .filter(({ source }) => source?.lineId === lineId)
      .map(({ lotId }) =>
        reverses(membership.accountId, key, { lotId, qty, cause: 'RETURN', causeId: data.returnId }),
      ),
  );

const cancelled = (
  { data: { orderId }, key }: Cancellation,
  membership: Membership,
): readonly IssuedCommand[] =>
  earnedBy(membership, orderId).map(({ lotId }) =>
    reverses(membership.accountId, key, { lotId, cause: 'CANCELLATION', causeId: orderId }),
  );

export const returnToLoyalty: Reaction = reaction<Gathered>({
  name: 'ReturnToLoyalty',
  on: { order: ['RefundIssued', 'OrderCancelled'] },
  gather: async (sources, { key }) => ({ memberships: await membershipsOf(sources, key) }),
  react(event, { gathered: { memberships } }) {
    const because = event as Refund | Cancellation;
    return memberships.flatMap((membership) =>
      because.type === 'RefundIssued' ? refunded(because, membership) : cancelled(because, membership),
    );
  },
});
