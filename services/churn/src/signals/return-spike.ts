// Much of what was bought comes back.
import { z } from 'zod';
import { distinct, fulfilledIn, refundedIn, windowsOf } from './order-days.ts';
import { factsOn, signal } from './signal.ts';

const Bound = z.strictObject({ share: z.number().min(0), returns: z.int().min(1) });
const parameters = z.strictObject({ windowDays: z.int().min(1).max(365), medium: Bound, high: Bound });

export const returnSpike = signal({
  code: 'RETURN_SPIKE',
  kind: 'event',
  zh: '退货激增',
  en: 'Sends much back',
  parameters,
  evaluate({ order }, at, { windowDays, medium, high }, { currency }) {
    const { recent } = windowsOf(order, at, windowDays);
    const refunded = refundedIn(recent, currency);
    const fulfilled = fulfilledIn(recent, currency);
    const returns = distinct(recent, (day) => day.returns).size;
    const bound = [high, medium].find(
      (one) => refunded > 0 && refunded >= one.share * fulfilled && returns >= one.returns,
    );
    if (bound === undefined) return null;
    return {
      severity: bound === high ? 3 : 2,
      observed: { refundedMinor: refunded, fulfilledMinor: fulfilled, returns, currency },
      threshold: { share: bound.share, returns: bound.returns, windowDays },
      events: recent.flatMap(({ on, returned }) => factsOn(on, returned)),
    };
  },
});
