// PointsTransfer: what one account sent, the other takes; what it does not take comes back, into the same lots.
import type { DecodedEvent } from '@tenure/events';
import type { LoyaltyEvents } from '@tenure/events/generated/loyalty';
import { reaction, type Reaction } from '@tenure/service-kit';
import type { AccountState } from '../account-state.ts';
import { readAccount } from '../context.ts';

type Sent = DecodedEvent<string, LoyaltyEvents['PointsTransferredOut']>;
type Gathered = { readonly from: AccountState; readonly to: AccountState };

export const pointsTransfer: Reaction = reaction<Gathered>({
  name: 'PointsTransfer',
  on: { loyalty: ['PointsTransferredOut'] },
  async gather(sources, event) {
    const { accountId, toAccountId } = (event as Sent).data;
    const [from, to] = await Promise.all([
      readAccount(sources, accountId),
      readAccount(sources, toAccountId),
    ]);
    return { from, to };
  },
  react(event, { gathered: { from, to } }) {
    const { accountId, toAccountId, transferId, allocations } = (event as Sent).data;
    const lots = allocations.map(({ lotId, points }) => {
      const expiresOn = from.lots.find((lot) => lot.lotId === lotId)?.expiresOn ?? null;
      return { lotId, points, ...(expiresOn !== null && { expiresOn }) };
    });
    return [
      {
        aggregate: 'loyaltyaccount',
        id: toAccountId,
        customerId: to.customerId,
        command: 'ReceivePoints',
        body: { transferId, fromAccountId: accountId, lots },
      },
      // Decided when the first is settled: an account that took them gives nothing back.
      {
        aggregate: 'loyaltyaccount',
        id: accountId,
        customerId: event.key,
        command: 'AdjustPoints',
        body: { transferId, reason: 'The other account did not take the points.' },
      },
    ];
  },
});
