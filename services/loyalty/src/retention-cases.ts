// The cases a customer has had, read from their streams: never behind, so that a second one is never opened by mistake.
import { ruleViolated, type CommandContext } from '@tenure/core';
import { readParty, type ContextSources, type DeploymentPolicy, type PolicyHead } from '@tenure/service-kit';
import { queueIdOf } from './queues.ts';
import { readCustomer } from './customer-lookup.ts';
import type { RetentionPolicy } from './policy.ts';
import { retentionCaseIdOf, type RetentionCaseState, type RetentionContext } from './retention-case.ts';
import { dateOrNull, type Candidate } from './retention-rules.ts';

export type KnownCase = { readonly id: string; readonly state: RetentionCaseState };

/** A customer who was at risk that often is a case for a person, not for the desk. */
const MAX_CASES = 1_000;

/** In the order in which they were opened. @throws LIMIT_EXCEEDED */
export const casesOf = async (
  sources: Pick<ContextSources, 'read'>,
  customerId: string,
): Promise<readonly KnownCase[]> => {
  const cases: KnownCase[] = [];
  for (;;) {
    const id = retentionCaseIdOf(customerId, cases.length);
    const { state, revision } = await sources.read('retentioncase', id);
    if (revision < 0) return cases;
    cases.push({ id, state: state as RetentionCaseState });
    if (cases.length > MAX_CASES)
      throw ruleViolated('LIMIT_EXCEEDED', 'The customer has had more retention cases than the desk takes.', {
        limit: 'retentionCases',
        value: MAX_CASES,
      });
  }
};

export const isOpen = ({ state: { status } }: KnownCase): boolean =>
  status === 'Opened' || status === 'Offered';

/** Who is to be kept. */
export const candidateOf = async (
  sources: Pick<ContextSources, 'read' | 'lookups'>,
  customerId: string,
  zone: string,
): Promise<Candidate> => {
  const [cases, customer, party] = await Promise.all([
    casesOf(sources, customerId),
    readCustomer(sources.lookups, customerId),
    readParty(sources.lookups, customerId),
  ]);
  const alarm = cases.findLast(({ state }) => state.status === 'FalseAlarm');
  return {
    registered: customer.registered && party?.standing === 'present',
    internal: customer.kind === 'INTERNAL',
    lost: customer.lost,
    ownerId: party?.ownerId ?? null,
    cases: cases.length,
    hasOpenCase: cases.some(isOpen),
    falseAlarmOn: dateOrNull(alarm?.state.closedAt ?? null, zone),
  };
};

export const retentionContext = async (
  sources: ContextSources,
  { base }: { readonly base: CommandContext },
): Promise<RetentionContext> => {
  const at = <P extends PolicyHead>(policy: string): P => sources.policies.at<P>(policy, base.today);
  const { zone, homeCurrency } = at<DeploymentPolicy>('deployment');
  const { queue, ...policy } = at<RetentionPolicy>('retention');
  return {
    candidate: await candidateOf(sources, base.customerId, zone),
    homeCurrency,
    policy: { ...policy, queueId: queueIdOf(queue) },
  };
};
