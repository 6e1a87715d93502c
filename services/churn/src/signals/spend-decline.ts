// Less value than before: fulfilled less refunded, in the home currency alone.
import { z } from 'zod';
import { fulfilledIn, refundedIn, windowsOf } from './order-days.ts';
import { factsOn, signal } from './signal.ts';

const Drop = z.number().min(0).max(1);
const parameters = z.strictObject({ windowDays: z.int().min(1).max(180), medium: Drop, high: Drop });

export const spendDecline = signal({
  code: 'SPEND_DECLINE',
  kind: 'state',
  zh: '消费下降',
  en: 'Spends less',
  parameters,
  evaluate({ order }, at, { windowDays, medium, high }, { currency }) {
    const { recent, previous } = windowsOf(order, at, windowDays);
    const now = fulfilledIn(recent, currency) - refundedIn(recent, currency);
    const before = fulfilledIn(previous, currency) - refundedIn(previous, currency);
    if (before <= 0) return null;
    const drop = (before - now) / before;
    if (drop < medium) return null;
    const isHigh = drop >= high;
    return {
      severity: isHigh ? 3 : 2,
      observed: { minor: now, minorBefore: before, currency },
      threshold: { drop: isHigh ? high : medium, windowDays },
      events: [...previous, ...recent].flatMap(({ on, spent, returned }) =>
        factsOn(on, [...spent, ...returned]),
      ),
    };
  },
});
