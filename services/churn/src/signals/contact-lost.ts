// There was a way to reach the customer, and there is none left.
import { z } from 'zod';
import { signal } from './signal.ts';

export const contactLost = signal({
  code: 'CONTACT_LOST',
  kind: 'state',
  zh: '失去联系',
  en: 'Cannot be reached any more',
  parameters: z.strictObject({}),
  evaluate({ customer: { reachable, retiredContactPoints: events } }) {
    if (reachable.length > 0 || events.length === 0) return null;
    return { severity: 3, observed: { contactPoints: 0 }, threshold: { contactPoints: 1 }, events };
  },
});
