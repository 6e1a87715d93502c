// Cases that came back after they had been resolved.
import { z } from 'zod';
import { countBounds, severityOf } from './counts.ts';
import { signal } from './signal.ts';

export const caseReopened = signal({
  code: 'CASE_REOPENED',
  kind: 'event',
  zh: '反复重开',
  en: 'Cases were opened again',
  parameters: z.strictObject({ windowDays: z.int().min(1).max(365), ...countBounds }),
  evaluate({ service }, at, { windowDays, medium, high }) {
    const events = service.reopened.filter(({ on }) => at.within(on, windowDays));
    const found = severityOf(events.length, { medium, high });
    return found && { ...found, observed: { reopened: events.length }, events };
  },
});
