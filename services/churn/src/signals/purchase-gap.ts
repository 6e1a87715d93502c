// No order for longer than the customer's own rhythm lets expect: rule (b). The lifetime model of rule (a) is not fitted yet.
import { z } from 'zod';
import { ownRhythm, rhythmBound } from '../own-rhythm.ts';
import { lastOrderDay } from './order-days.ts';
import { factsOn, signal } from './signal.ts';

/** Normal quantiles of the own rhythm. */
const parameters = z.strictObject({ medium: z.number().positive(), high: z.number().positive() });

export const purchaseGap = signal({
  code: 'PURCHASE_GAP',
  kind: 'state',
  zh: '久未下单',
  en: 'No order for unusually long',
  parameters,
  evaluate({ order }, at, { medium, high }, { rhythm: rules }) {
    const rhythm = ownRhythm(order.history, rules);
    const last = lastOrderDay(order);
    if (rhythm === null || last === null) return null;
    const bounds = { medium: rhythmBound(rhythm, medium), high: rhythmBound(rhythm, high) };
    if (!at.over(last.on, bounds.medium)) return null;
    const isHigh = at.over(last.on, bounds.high);
    return {
      severity: isHigh ? 3 : 2,
      observed: { lastOrderOn: last.on, orderDays: rhythm.orderDays, meanGapDays: rounded(rhythm.mean) },
      threshold: { days: rounded(isHigh ? bounds.high : bounds.medium) },
      events: factsOn(last.on, last.placed),
    };
  },
});

/** Three decimals are what a reader compares; the rule itself does not round. */
const rounded = (days: number): number => Math.round(days * 1_000) / 1_000;
