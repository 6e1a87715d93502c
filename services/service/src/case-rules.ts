// The rules of a case beyond its states: codes, rights, limits, other cases, the window in which it may go on.
import { addDays, dateAt, ruleViolated, TenureError, tenureNamespace, uuid5 } from '@tenure/core';
import type { CaseContext, CaseState, OtherCase } from './case-parts.ts';
import { OPEN_STATUSES } from './case-parts.ts';
import type { DeskPolicy, SlaPolicy } from './policy.ts';

const POLICY_NAMESPACE = tenureNamespace('policy');

/** The id of a team or queue that a policy names by its code. */
export const policyId = (code: string): string => uuid5(POLICY_NAMESPACE, code);

/** @throws UNKNOWN_REASON with the codes that are known */
export const checkCode = (codes: Readonly<Record<string, unknown>>, code: string): void => {
  if (!Object.hasOwn(codes, code))
    throw ruleViolated('UNKNOWN_REASON', 'The code is not in the policy of the service desk.', {
      allowed: Object.keys(codes),
    });
};

/** @throws UNKNOWN_SLA_POLICY, FORBIDDEN with the roles that may promise it */
export const promiseOf = (
  id: string,
  { slaAt, roles }: CaseContext & { readonly roles: readonly string[] },
): SlaPolicy => {
  const policy = slaAt(id);
  if (policy === null)
    throw ruleViolated('UNKNOWN_SLA_POLICY', 'There is no promise of this name; see the policies `sla`.');
  const { grantedBy } = policy;
  if (grantedBy !== undefined && !grantedBy.some((role) => roles.includes(role)))
    throw new TenureError('FORBIDDEN', 'This promise needs another role. Ask one of `needs` to give it.', {
      needs: grantedBy,
    });
  return policy;
};

/** @throws LIMIT_EXCEEDED */
export const checkOpenCases = ({ desk: { limits }, openCases }: CaseContext): void => {
  if (openCases >= limits.openCases)
    throw ruleViolated(
      'LIMIT_EXCEEDED',
      `The customer has ${limits.openCases} open cases. Resolve or merge some of them first.`,
      { limit: 'openCases', value: limits.openCases },
    );
};

/** Each question is a pause that every due time counts around. @throws LIMIT_EXCEEDED */
export const checkQuestions = (asked: number, { limits }: DeskPolicy): void => {
  if (asked >= limits.questions)
    throw ruleViolated(
      'LIMIT_EXCEEDED',
      `The customer was asked ${limits.questions} times for one solution. Answer, or resolve the case.`,
      { limit: 'questions', value: limits.questions },
    );
};

const known = (other: OtherCase | null): OtherCase => {
  if (other === null || other.status === '∅')
    throw ruleViolated('UNKNOWN_CASE', 'There is no case with the id that the command names.');
  if (!other.sameCustomer)
    throw ruleViolated('CUSTOMER_MISMATCH', 'The case that the command names belongs to another customer.');
  return other;
};

/** A new case follows a closed one: what is not closed goes on itself. @throws UNKNOWN_CASE, CUSTOMER_MISMATCH, CASE_NOT_CLOSED */
export const checkFollowed = (other: OtherCase | null): void => {
  if (known(other).status !== 'Closed')
    throw ruleViolated(
      'CASE_NOT_CLOSED',
      'The case to be followed is not closed. Reopen it, or record the reply of the customer.',
    );
};

/** A case goes on in one that somebody works on. @throws MERGE_INTO_ITSELF, UNKNOWN_CASE, CUSTOMER_MISMATCH, CASE_NOT_OPEN */
export const checkMergeTarget = (id: string, intoCaseId: string, other: OtherCase | null): void => {
  if (id === intoCaseId)
    throw ruleViolated('MERGE_INTO_ITSELF', 'A case cannot go on in itself; name another one.');
  if (!OPEN_STATUSES.some((status) => status === known(other).status))
    throw ruleViolated(
      'CASE_NOT_OPEN',
      'The other case is not open. Reopen it first, or resolve this one as DUPLICATE.',
    );
};

/** Last day on which a resolved case may be reopened; when it has closed, so does the case. */
const lastDay = (resolvedAt: number, { zone, deskAt }: CaseContext): string => {
  const resolvedOn = dateAt(resolvedAt, zone);
  return addDays(resolvedOn, deskAt(resolvedOn).reopenDays);
};

/** @throws REOPEN_WINDOW_OVER */
export const checkReopenWindow = (
  { resolvedAt }: CaseState,
  context: CaseContext & { readonly today: string },
): void => {
  if (resolvedAt === null) return;
  const last = lastDay(resolvedAt, context);
  if (context.today > last)
    throw ruleViolated(
      'REOPEN_WINDOW_OVER',
      `The case could be reopened until ${last}. Open a new one that follows it (followsCaseId).`,
      { lastDay: last },
    );
};

/** The clock closes nothing that may still be reopened; the customer may. @throws REOPEN_WINDOW_OPEN */
export const checkClosing = (
  { resolvedAt }: CaseState,
  context: CaseContext & { readonly today: string; readonly actor: { readonly kind: string } },
): void => {
  if (resolvedAt === null || context.actor.kind !== 'clock') return;
  const last = lastDay(resolvedAt, context);
  if (context.today <= last)
    throw ruleViolated('REOPEN_WINDOW_OPEN', `The case may be reopened until ${last}.`, { lastDay: last });
};

/** The step that an escalation leads to. @throws LEVEL_REACHED */
export const nextLevel = (reached: number, wanted: number | undefined, { ladder }: DeskPolicy): number => {
  const level = wanted ?? reached + 1;
  if (level <= reached || level > ladder.levels.length)
    throw ruleViolated('LEVEL_REACHED', 'The case has reached this step of the ladder already.', {
      level: reached,
    });
  return level;
};

/** The team of a step. */
export const teamOf = (level: number, { ladder }: DeskPolicy): string =>
  policyId(ladder.levels[level - 1]?.team ?? '');

/** The agent with the fewest open cases; of equals the first in the list. @throws NO_OWNER_AVAILABLE */
export const leastBusy = (candidates: CaseContext['candidates']): string => {
  let best = candidates[0];
  for (const candidate of candidates)
    if (best === undefined || candidate.openCases < best.openCases) best = candidate;
  if (best === undefined)
    throw ruleViolated(
      'NO_OWNER_AVAILABLE',
      'No agent of this queue has the skill. Name an agent, or add one to the policy `agents`.',
    );
  return best.agentId;
};
