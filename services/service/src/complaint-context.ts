// What the deciders of a complaint know beyond its stream.
import type { ContextSources, DeploymentPolicy } from '@tenure/service-kit';
import { otherCase } from './case-context.ts';
import { OPEN_COMPLAINTS, type ComplaintContext, type ComplaintState } from './complaint.ts';
import type { DeskPolicy } from './policy.ts';

type Asked = {
  readonly name: string;
  readonly data: object;
  readonly base: { readonly id: string; readonly today: string; readonly customerId: string };
};

export const complaintContext = async (
  sources: ContextSources,
  { name, data, base: { id, today, customerId } }: Asked,
): Promise<ComplaintContext> => {
  const { policies, lookups } = sources;
  const { policyVersion } = (await sources.read('complaint', id)).state as ComplaintState;
  const { caseId } = data as { readonly caseId?: string | null };
  return {
    desk:
      policyVersion === null
        ? policies.at<DeskPolicy>('desk', today)
        : policies.version<DeskPolicy>('desk', policyVersion),
    homeCurrency: policies.at<DeploymentPolicy>('deployment', today).homeCurrency,
    openComplaints:
      name === 'RegisterComplaint'
        ? await lookups.count('complaints', [
            { column: 'customer_id', op: 'eq', value: customerId },
            { column: 'status', op: 'in', value: OPEN_COMPLAINTS },
          ])
        : 0,
    other: await otherCase(sources, caseId ?? null, customerId),
  };
};
