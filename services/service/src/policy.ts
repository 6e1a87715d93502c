// The policies of the service desk: what is promised (`sla`, one per level of service) and how the desk works (`desk`).
import { isDecimal } from '@tenure/core';
import type { Policies, PolicyHead, PolicySpec } from '@tenure/service-kit';
import { policyHead } from '@tenure/service-kit';
import { z } from 'zod';

const name = { en: z.string().min(1), zh: z.string().min(1) };
const id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
const code = z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/);
const codes = z.record(code, z.strictObject(name));
const roles = z.array(z.string().min(1)).min(1).max(10);

/** A year of minutes: a longer promise is none. */
const minutes = z.int().min(1).max(525_600);
const Targets = z.strictObject({ FIRST_RESPONSE: minutes, NEXT_RESPONSE: minutes, RESOLUTION: minutes });

export const SlaPolicy = z.strictObject({
  ...policyHead('sla'),
  id,
  name: z.strictObject(name),
  /** The calendar in which the minutes count. */
  calendar: id,
  /** Only these roles may promise it; absent: everybody. */
  grantedBy: roles.optional(),
  /** Minutes by priority of the case and kind of clock. */
  targets: z.strictObject({ URGENT: Targets, HIGH: Targets, NORMAL: Targets, LOW: Targets }),
});
export type SlaPolicy = z.infer<typeof SlaPolicy>;

/** CaseEscalated knows three steps. */
const LEVELS = 3;
const step = { level: z.int().min(1).max(LEVELS), reasonCode: code };

const Ladder = z.strictObject({
  /** Team that takes over at level 1, 2, 3. */
  levels: z.array(z.strictObject({ team: id, ...name })).length(LEVELS),
  /** Where a breached clock leads. */
  breached: z.strictObject({
    FIRST_RESPONSE: z.strictObject(step),
    NEXT_RESPONSE: z.strictObject(step),
    RESOLUTION: z.strictObject(step),
  }),
  /** A case still open so many minutes of this calendar after its RESOLUTION was due. */
  overdue: z.strictObject({ ...step, afterMinutes: minutes, calendar: id }),
});

const Grant = z.strictObject({
  roles,
  /** Decimal, in the home currency. */
  amount: z.string().refine(isDecimal, 'must be a decimal'),
  points: z.int().min(0),
});

export const DeskPolicy = z.strictObject({
  ...policyHead('desk'),
  /** What every case is promised that nobody promised more. */
  sla: id,
  /** Where a case goes that is given to no agent and no queue. */
  queue: id,
  /** A resolved case may be reopened up to and including this many days later; then it closes. */
  reopenDays: z.int().min(0).max(3650),
  limits: z.strictObject({
    openCases: z.int().min(1),
    openComplaints: z.int().min(1),
    /** Questions to the customer for one solution. */
    questions: z.int().min(1).max(1_000),
    /** Remedies offered for one complaint. */
    offers: z.int().min(1).max(100),
  }),
  ladder: Ladder,
  escalations: codes,
  resolutions: codes,
  denials: codes,
  /** What each role may offer for a complaint, the smallest first. */
  remedies: z.strictObject({ grants: z.array(Grant).min(1).max(10) }),
});
export type DeskPolicy = z.infer<typeof DeskPolicy>;

type Problem = { readonly path: string; readonly reason: string };

const EVERY_DAY = '9999-12-31';

/** What must exist elsewhere: the calendar or the promise that a policy names. */
const missing = (policies: Policies, policy: string, wanted: string, path: string): readonly Problem[] => {
  try {
    policies.at(policy, EVERY_DAY, wanted);
    return [];
  } catch {
    return [{ path, reason: `there is no policy ${policy} ${wanted}` }]; // POLICY_MISSING is the answer
  }
};

const unknownCode = (known: object, wanted: string, path: string): readonly Problem[] =>
  Object.hasOwn(known, wanted) ? [] : [{ path, reason: 'is none of the escalation codes' }];

const checkDesk = (head: PolicyHead, policies: Policies): readonly Problem[] => {
  const { sla, ladder, escalations } = head as DeskPolicy;
  return [
    ...missing(policies, 'sla', sla, '/sla'),
    ...missing(policies, 'calendar', ladder.overdue.calendar, '/ladder/overdue/calendar'),
    ...Object.entries(ladder.breached).flatMap(([kind, { reasonCode }]) =>
      unknownCode(escalations, reasonCode, `/ladder/breached/${kind}/reasonCode`),
    ),
    ...unknownCode(escalations, ladder.overdue.reasonCode, '/ladder/overdue/reasonCode'),
  ];
};

export const deskPolicies: readonly PolicySpec[] = [
  {
    policy: 'sla',
    schema: SlaPolicy,
    check: (head, policies) => missing(policies, 'calendar', (head as SlaPolicy).calendar, '/calendar'),
  },
  { policy: 'desk', schema: DeskPolicy, check: checkDesk },
];
