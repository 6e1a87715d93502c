// A contract is to end and the customer has not changed his mind. Contracts are not written yet: specifications feed it.
import { z } from 'zod';
import { signal } from './signal.ts';

export const terminationRequested = signal({
  code: 'TERMINATION_REQUESTED',
  kind: 'event',
  zh: '申请终止',
  en: 'Asked to end a contract',
  parameters: z.strictObject({}),
  evaluate({ order: { terminations } }) {
    if (terminations.length === 0) return null;
    return {
      severity: 4,
      observed: { contracts: terminations.length },
      threshold: { contracts: 1 },
      events: terminations,
    };
  },
});
