// The policies of leads: what a score is made of, who takes a lead up and by when, and the codes.
import { contactOutcomeSymbols, leadSourceSymbols } from '@tenure/events/generated/lead';
import { policyHead } from '@tenure/service-kit';
import { z } from 'zod';

const points = z.int().min(-100).max(100);
const code = z.string().regex(/^[A-Z_]{2,64}$/, 'must be a code in capitals');
const names = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
const queue = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be the code of a queue');

const Role = z.strictObject({
  class: code,
  points,
  words: z.array(z.string().regex(/^[a-z0-9]+$/, 'must be a word in lower case')),
  han: z.array(z.string().regex(/^\p{Script=Han}+$/u, 'must be Han characters')),
});

export const ScoringPolicy = z
  .strictObject({
    ...policyHead('lead-scoring'),
    source: z.record(z.enum(leadSourceSymbols), points),
    email: points,
    phone: points,
    roles: z.array(Role),
    otherRole: points,
    company: points,
    employees: z.array(z.strictObject({ atLeast: z.int().min(1), points })),
    interests: z.strictObject({ each: points, most: points }),
    referrer: points,
    engagement: z.record(z.enum(contactOutcomeSymbols), points),
    freshness: z.strictObject({
      days: z.array(z.strictObject({ upTo: z.int().min(0), points })).min(1),
      older: points,
    }),
    grades: z.strictObject({ A: z.int(), B: z.int(), C: z.int() }),
  })
  .superRefine(({ employees, freshness: { days }, grades }, context) => {
    const wrong = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (employees.some(({ atLeast }, i) => i > 0 && atLeast >= (employees[i - 1]?.atLeast ?? 0)))
      wrong('employees', 'must go from the largest to the smallest');
    if (days.some(({ upTo }, i) => i > 0 && upTo <= (days[i - 1]?.upTo ?? 0)))
      wrong('freshness', 'must go from the youngest to the oldest');
    if (!(grades.A > grades.B && grades.B > grades.C)) wrong('grades', 'must go down from A to C');
  });
export type ScoringPolicy = z.infer<typeof ScoringPolicy>;

const minutes = z.int().min(1).max(100_000);
const days = z.int().min(1).max(3650);

export const AssignmentPolicy = z.strictObject({
  ...policyHead('lead-assignment'),
  /** In whose minutes the response is promised. */
  calendar: z.string(),
  /** Minutes by grade; no promise for a grade that is not here. */
  respondMinutes: z.strictObject({ A: minutes, B: minutes, C: minutes, D: minutes }).partial(),
  /** The grade that a lead without a score counts as. */
  unscored: z.enum(['A', 'B', 'C', 'D']),
  /** The queue of leads whose territory has none. */
  queue,
  /** Queue by territory id. */
  territories: z.record(z.uuid(), queue),
  /** Days after which a nurtured or recycled lead is taken up again, unless somebody says when. */
  nurtureDays: days,
  recycleDays: days,
  /** The score of a match from which the later of two leads is a duplicate. */
  duplicateFrom: z.int().min(0).max(100),
  /** A conversion that takes longer has failed. */
  conversionSeconds: z.int().min(1).max(86_400),
});
export type AssignmentPolicy = z.infer<typeof AssignmentPolicy>;

export const LeadReasonsPolicy = z.strictObject({
  ...policyHead('lead-reasons'),
  disqualification: z.record(code, names),
  conversionFailure: z.strictObject({ TIMEOUT: names }),
});
export type LeadReasonsPolicy = z.infer<typeof LeadReasonsPolicy>;
