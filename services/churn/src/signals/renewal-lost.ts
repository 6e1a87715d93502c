// A renewal was lost, and none was won since.
import { z } from 'zod';
import { signal } from './signal.ts';

export const renewalLost = signal({
  code: 'RENEWAL_LOST',
  kind: 'event',
  zh: '续约丢单',
  en: 'A renewal was lost',
  parameters: z.strictObject({ days: z.int().min(1) }),
  evaluate({ opportunity }, at, { days }) {
    const renewals = opportunity.deals.filter(({ kind }) => kind === 'RENEWAL');
    const won = renewals.flatMap(({ status, ended }) =>
      status === 'won' && ended !== null ? [ended.on] : [],
    );
    const events = renewals
      .flatMap(({ status, ended }) => (status === 'lost' && ended !== null ? [ended] : []))
      .filter(({ on }) => at.within(on, days) && !won.some((since) => since >= on));
    if (events.length === 0) return null;
    return { severity: 4, observed: { renewals: events.length }, threshold: { days }, events };
  },
});
