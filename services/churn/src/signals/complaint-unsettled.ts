// A complaint that nobody has settled: worse when a remedy was declined, worst when it was taken to a body outside.
import { z } from 'zod';
import type { Moment } from '../moment.ts';
import type { OpenComplaint } from '../slices/service-slice.ts';
import { signal, type Severity } from './signal.ts';

const parameters = z.strictObject({
  mediumDays: z.int().min(1),
  highSeverities: z.array(z.string()),
  /** An external escalation speaks so long, then the matter is over. */
  escalatedDays: z.int().min(1),
});
type Parameters = z.infer<typeof parameters>;

export const complaintUnsettled = signal({
  code: 'COMPLAINT_UNSETTLED',
  kind: 'state',
  zh: '投诉未了',
  en: 'A complaint is not settled',
  parameters,
  evaluate({ service }, at, rules) {
    const grave = service.complaints
      .map((complaint) => ({ complaint, severity: severityOf(complaint, at, rules) }))
      .filter((one): one is Grave => one.severity !== null);
    const [oldest] = grave.map(({ complaint }) => complaint.on).toSorted();
    if (oldest === undefined) return null;
    const severity = grave.map((one) => one.severity).reduce((worst, one) => (one > worst ? one : worst));
    return {
      severity,
      observed: { complaints: grave.length, oldestRegisteredOn: oldest },
      threshold: { days: rules.mediumDays, escalatedDays: rules.escalatedDays },
      events: grave.flatMap(({ complaint: { eventId, on, declined, escalated } }) =>
        [{ eventId, on }, declined, escalated].filter((fact) => fact !== null),
      ),
    };
  },
});

type Grave = { readonly complaint: OpenComplaint; readonly severity: Severity };

const severityOf = (
  { on, severity, declined, escalated }: OpenComplaint,
  at: Moment,
  { mediumDays, highSeverities, escalatedDays }: Parameters,
): Severity | null => {
  if (escalated !== null) return at.within(escalated.on, escalatedDays) ? 4 : null;
  if (declined !== null || highSeverities.includes(severity)) return 3;
  return at.over(on, mediumDays) ? 2 : null;
};
