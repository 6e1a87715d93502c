// A buyer or champion has left, and nobody has taken his place in time.
import { daysBetween } from '@tenure/core';
import { z } from 'zod';
import { signal } from './signal.ts';

export const championLeft = signal({
  code: 'CHAMPION_LEFT',
  kind: 'event',
  zh: '关键人离开',
  en: 'A key person has left',
  parameters: z.strictObject({ replacementDays: z.int().min(1) }),
  evaluate({ customer: { left, came } }, at, { replacementDays }) {
    const isReplaced = (leftOn: string): boolean =>
      came.some(({ on }) => on >= leftOn && daysBetween(leftOn, on) <= replacementDays);
    const events = left.filter(({ on }) => !isReplaced(on) && at.reached(on, replacementDays));
    if (events.length === 0) return null;
    return { severity: 2, observed: { left: events.length }, threshold: { replacementDays }, events };
  },
});
