// TierEvaluation: points earned or taken back may move a member to another tier. The end of a year is a deadline.
import type { DecodedEvent } from '@tenure/events';
import { idOfStream } from '@tenure/core';
import type { LoyaltyEvents } from '@tenure/events/generated/loyalty';
import type { Reaction } from '@tenure/service-kit';

type Accrued = DecodedEvent<'PointsAccrued', LoyaltyEvents['PointsAccrued']>;

/** Only what orders earn counts. */
const counts = (event: DecodedEvent): boolean =>
  event.type !== 'PointsAccrued' || (event as Accrued).data.sourceType === 'ORDER';

export const tierEvaluation: Reaction = {
  name: 'TierEvaluation',
  on: { loyalty: ['PointsAccrued', 'PointsReversed'] },
  react: (event) =>
    counts(event)
      ? [
          {
            aggregate: 'loyaltyaccount',
            id: idOfStream(event.stream),
            customerId: event.key,
            command: 'ChangeTier',
            body: {},
          },
        ]
      : [],
};
