// What the passing of time does to an order: it closes when its return window is over.
import { addDays, dateAt, idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { Deadlines } from '@tenure/service-kit';
import type { OrderPolicy } from './policy.ts';

const closing = (stream: string): string => `${stream}/close`;

/** CloseOrder when the business date of the fulfilment plus the return window has closed. */
export const deadlines: Deadlines = {
  on: {
    OrderFulfilled(event: DecodedEvent, { policies, zone }) {
      const fulfilledOn = dateAt(event.occurredAt, zone);
      const { returnDays } = policies.at<OrderPolicy>('order', fulfilledOn);
      const id = idOfStream(event.stream);
      return [
        {
          set: closing(event.stream),
          day: addDays(fulfilledOn, returnDays),
          command: { aggregate: 'order', id, customerId: event.key, command: 'CloseOrder', body: {} },
        },
      ];
    },
    OrderClosed: (event: DecodedEvent) => [{ clear: closing(event.stream) }],
  },
};
