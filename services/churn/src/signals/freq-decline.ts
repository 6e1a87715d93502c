// Fewer order days than before, and too few for chance: a one-sided binomial test keeps irregular buyers out.
import { z } from 'zod';
import { windowsOf } from './order-days.ts';
import { factsOn, signal } from './signal.ts';

const Bound = z.strictObject({ drop: z.number().min(0).max(1), p: z.number().min(0).max(1) });
const parameters = z.strictObject({
  windowDays: z.int().min(1).max(180),
  baseline: z.int().min(1),
  medium: Bound,
  high: Bound,
});

export const freqDecline = signal({
  code: 'FREQ_DECLINE',
  kind: 'state',
  zh: '频次下降',
  en: 'Orders less often',
  parameters,
  evaluate({ order }, at, { windowDays, baseline, medium, high }) {
    const { recent, previous } = windowsOf(order, at, windowDays);
    const ordered = [...previous, ...recent].filter(({ orders }) => orders > 0);
    const now = recent.filter(({ orders }) => orders > 0).length;
    const before = ordered.length - now;
    if (before < baseline) return null;
    const drop = (before - now) / before;
    const p = atMostByChance(now, now + before);
    const bound = [high, medium].find((one) => drop >= one.drop && p <= one.p);
    if (bound === undefined) return null;
    return {
      severity: bound === high ? 3 : 2,
      observed: { orderDays: now, orderDaysBefore: before, p: Math.round(p * 1e6) / 1e6 },
      threshold: { drop: bound.drop, p: bound.p, windowDays },
      events: ordered.flatMap(({ on, placed }) => factsOn(on, placed)),
    };
  },
});

/** P(X ≤ k) for X ~ Bin(n, ½). */
export const atMostByChance = (k: number, n: number): number => {
  let term = 0.5 ** n;
  let sum = term;
  for (let i = 1; i <= k; i++) {
    term *= (n - i + 1) / i;
    sum += term;
  }
  return sum;
};
