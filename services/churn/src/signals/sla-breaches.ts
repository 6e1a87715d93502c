// Promised response and resolution times that were broken, of whatever kind.
import { z } from 'zod';
import { countBounds, severityOf } from './counts.ts';
import { signal } from './signal.ts';

export const slaBreaches = signal({
  code: 'SLA_BREACHES',
  kind: 'event',
  zh: '承诺违约',
  en: 'Promised times were broken',
  parameters: z.strictObject({ windowDays: z.int().min(1).max(365), ...countBounds }),
  evaluate({ service }, at, { windowDays, medium, high }) {
    const events = service.breaches.filter(({ on }) => at.within(on, windowDays));
    const found = severityOf(events.length, { medium, high });
    return found && { ...found, observed: { breaches: events.length }, events };
  },
});
