// The customer has lost his tier and not won it back.
import { z } from 'zod';
import { signal } from './signal.ts';

export const tierDown = signal({
  code: 'TIER_DOWN',
  kind: 'event',
  zh: '等级下降',
  en: 'Lost a tier',
  parameters: z.strictObject({ days: z.int().min(1) }),
  evaluate({ loyalty }, at, { days }) {
    const events = loyalty.memberships.flatMap(({ tierDown: fact }) =>
      fact !== null && at.within(fact.on, days) ? [fact] : [],
    );
    if (events.length === 0) return null;
    return { severity: 2, observed: { memberships: events.length }, threshold: { days }, events };
  },
});
