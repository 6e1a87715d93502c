// Orders that came after the day that was promised.
import { z } from 'zod';
import { countBounds, severityOf } from './counts.ts';
import { windowsOf } from './order-days.ts';
import { factsOn, signal } from './signal.ts';

export const lateDelivery = signal({
  code: 'LATE_DELIVERY',
  kind: 'event',
  zh: '延迟交付',
  en: 'Was delivered late',
  parameters: z.strictObject({ windowDays: z.int().min(1).max(365), ...countBounds }),
  evaluate({ order }, at, { windowDays, medium, high }) {
    const { recent } = windowsOf(order, at, windowDays);
    const events = recent.flatMap(({ on, late }) => factsOn(on, late));
    const found = severityOf(events.length, { medium, high });
    return found && { ...found, observed: { lateOrders: events.length }, events };
  },
});
