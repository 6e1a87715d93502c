// A competitor on a deal that keeps or widens what the customer has.
import { z } from 'zod';
import { signal } from './signal.ts';

export const competitorSeen = signal({
  code: 'COMPETITOR_SEEN',
  kind: 'event',
  zh: '竞品介入',
  en: 'A competitor was seen',
  parameters: z.strictObject({ kinds: z.array(z.string()).min(1) }),
  evaluate({ opportunity }, _, { kinds }) {
    const deals = opportunity.deals.filter(
      ({ kind, status, competitors }) => status === 'open' && kinds.includes(kind) && competitors.length > 0,
    );
    if (deals.length === 0) return null;
    return {
      severity: 2,
      observed: { deals: deals.length },
      threshold: { deals: 1 },
      events: deals.flatMap(({ competitors }) => competitors),
    };
  },
});
