// The customer does not want to hear from us any more.
import { z } from 'zod';
import { signal } from './signal.ts';

export const consentWithdrawn = signal({
  code: 'CONSENT_WITHDRAWN',
  kind: 'event',
  zh: '撤回许可',
  en: 'Withdrew a consent',
  parameters: z.strictObject({ purposes: z.array(z.string()).min(1) }),
  evaluate({ customer }, _, { purposes }) {
    const events = customer.withdrawals.filter(({ purpose }) => purposes.includes(purpose));
    if (events.length === 0) return null;
    const channels = [...new Set(events.map(({ channel }) => channel))].toSorted().join(',');
    return { severity: 2, observed: { channels }, threshold: { withdrawals: 1 }, events };
  },
});
