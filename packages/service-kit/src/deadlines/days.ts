// Closed business days as they come: the clock's events, which the relay copies to every lane of their topic.
import type { Codec } from '@tenure/events';
import type { EventLog, Subscription } from '@tenure/event-log';

const CLOCK = 'clock';
const DAY_CLOSED = 'BusinessDayClosed';

/**
 * Tells each closed day (YYYY-MM-DD) in order, beginning with the newest there is: what was due on it may not have been
 * done. A listener that rejects is told again.
 */
export const followDays = (
  group: string,
  log: Pick<EventLog, 'subscribe' | 'head'>,
  codec: Pick<Codec, 'peek' | 'decode'>,
  listener: (day: string) => Promise<unknown>,
): Promise<Subscription> =>
  log.subscribe(
    group,
    [CLOCK],
    (lane) => log.head(lane),
    async (batches) => {
      for (const { lane, records } of batches) {
        if (lane.partition !== 0) continue; // every lane has the same days
        for (const record of records) {
          if (codec.peek(record.body).type !== DAY_CLOSED) continue;
          const { businessDate } = codec.decode(CLOCK, record).data as { readonly businessDate: string };
          await listener(businessDate);
        }
      }
    },
  );
