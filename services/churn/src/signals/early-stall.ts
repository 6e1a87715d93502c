// One order, and no second for longer than it takes others.
import { gapStatistics } from '@tenure/core';
import { z } from 'zod';
import { lastOrderDay } from './order-days.ts';
import { factsOn, signal } from './signal.ts';

export const earlyStall = signal({
  code: 'EARLY_STALL',
  kind: 'state',
  zh: '首购停滞',
  en: 'No second order',
  parameters: z.strictObject({ days: z.int().min(1) }),
  evaluate({ order }, at, { days }) {
    const only = gapStatistics(order.history).orderDays === 1 ? lastOrderDay(order) : null;
    if (only === null || !at.over(only.on, days)) return null;
    return {
      severity: 2,
      observed: { orderDays: 1, orderedOn: only.on },
      threshold: { days },
      events: factsOn(only.on, only.placed),
    };
  },
});
