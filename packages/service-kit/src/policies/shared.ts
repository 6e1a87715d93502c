// Schemas of the policies that several services need; their files lie in `policies/` at the root.
import { businessCalendar, isDate, isTimeZone } from '@tenure/core';
import { z } from 'zod';
import type { PolicySpec } from '../definition.ts';

const date = z.string().refine(isDate, 'must be a date that exists, YYYY-MM-DD');
const zone = z.string().refine(isTimeZone, 'must be an IANA time zone');
const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be a code of 1–64 letters, digits, _ or -');

/** Head of every policy file (DEFAULTS §0): spread it into a strict object. */
export const policyHead = <N extends string>(policy: N) => ({
  policy: z.literal(policy),
  version: z.int().min(1),
  validFrom: date,
});

export const DeploymentPolicySchema = z.strictObject({
  ...policyHead('deployment'),
  /** Business days, and the zone of customers who name none. */
  zone,
  /** BCP 47 tag: default of new customers. */
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/, 'must be a language tag such as zh-CN'),
  homeCurrency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'),
  /** ISO 3166: what a telephone number without country code belongs to. */
  telephoneRegion: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code'),
});
export type DeploymentPolicy = z.infer<typeof DeploymentPolicySchema>;

/** One policy holds the staff of a deployment of this size; a larger one needs a directory service. */
const MAX_AGENTS = 10_000;

const Agent = z.strictObject({
  id: z.uuid().regex(/^[^A-F]*$/, 'must be in lower case'),
  name: z.string().min(1).max(200),
  team: z.string().min(1).max(64),
  queues: z.array(code).max(100),
  skills: z.array(code).max(100),
});

export const AgentsPolicySchema = z
  .strictObject({ ...policyHead('agents'), agents: z.array(Agent).max(MAX_AGENTS) })
  .superRefine(({ agents }, context) => {
    const seen = new Set<string>();
    agents.forEach(({ id }, i) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: ['agents', i, 'id'], message: 'stands here twice' });
      seen.add(id);
    });
  });
export type AgentsPolicy = z.infer<typeof AgentsPolicySchema>;

/** An interval of the wall clock; `to` is not open. */
const OpenInterval = z.strictObject({ from: z.string(), to: z.string() });

/** `calendar` policies are calendars of core, with a head. `week`: seven days, Monday first. */
export const CalendarPolicySchema = z
  .strictObject({
    ...policyHead('calendar'),
    id: code,
    zone,
    week: z.array(z.array(OpenInterval).max(24)).length(7),
    holidays: z.array(date).max(10_000),
    extraWorkdays: z.array(date).max(10_000),
  })
  .superRefine((calendar, context) => {
    try {
      businessCalendar(calendar);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  });
export type CalendarPolicy = z.infer<typeof CalendarPolicySchema>;

/** The policies at the root, for `loadPolicies`. */
export const SHARED_POLICIES: readonly PolicySpec[] = [
  { policy: 'deployment', schema: DeploymentPolicySchema },
  { policy: 'agents', schema: AgentsPolicySchema },
  { policy: 'calendar', schema: CalendarPolicySchema },
];
