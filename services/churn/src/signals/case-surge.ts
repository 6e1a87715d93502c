// Many more cases in a month than in an ordinary one of the year before.
import { z } from 'zod';
import { signal } from './signal.ts';

const Bound = z.strictObject({ cases: z.int().min(1), times: z.number().positive() });
const parameters = z.strictObject({
  windowDays: z.int().min(1).max(60),
  /** The year before the window, and how many windows it holds. */
  baselineDays: z.int().min(1).max(730),
  baselineMonths: z.int().min(1),
  medium: Bound,
  high: Bound,
});

export const caseSurge = signal({
  code: 'CASE_SURGE',
  kind: 'event',
  zh: '报障激增',
  en: 'Many more cases than usual',
  parameters,
  evaluate({ service }, at, { windowDays, baselineDays, baselineMonths, medium, high }) {
    const events = service.opened.filter(({ on }) => at.within(on, windowDays));
    const earlier = service.opened.filter(
      ({ on }) => !at.within(on, windowDays) && at.within(on, windowDays + baselineDays),
    ).length;
    const bound = [high, medium].find(
      ({ cases, times }) => events.length >= cases && events.length * baselineMonths >= times * earlier,
    );
    if (bound === undefined) return null;
    return {
      severity: bound === high ? 3 : 2,
      observed: { cases: events.length, casesBefore: earlier, monthsBefore: baselineMonths },
      threshold: { cases: bound.cases, times: bound.times, windowDays },
      events,
    };
  },
});
