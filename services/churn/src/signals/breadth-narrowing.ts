// Buys from fewer categories than before. Lines without a category do not count.
import { z } from 'zod';
import { distinct, windowsOf } from './order-days.ts';
import { factsOn, signal } from './signal.ts';

const parameters = z.strictObject({
  windowDays: z.int().min(1).max(180),
  baseline: z.int().min(1),
  drop: z.number().min(0).max(1),
});

export const breadthNarrowing = signal({
  code: 'BREADTH_NARROWING',
  kind: 'state',
  zh: '品类收窄',
  en: 'Buys from fewer categories',
  parameters,
  evaluate({ order }, at, { windowDays, baseline, drop }) {
    const { recent, previous } = windowsOf(order, at, windowDays);
    const now = distinct(recent, ({ categories }) => categories).size;
    const before = distinct(previous, ({ categories }) => categories).size;
    if (before < baseline || (before - now) / before < drop) return null;
    return {
      severity: 2,
      observed: { categories: now, categoriesBefore: before },
      threshold: { drop, baseline, windowDays },
      events: [...previous, ...recent].flatMap(({ on, bought }) => factsOn(on, bought)),
    };
  },
});
