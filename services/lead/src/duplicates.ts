// DuplicateWatch, the lead's part: of two leads of one person whom nobody has registered the later one is a duplicate.
import { dateAt } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import {
  reaction,
  readParty,
  type ContextSources,
  type IssuedCommand,
  type Reaction,
} from '@tenure/service-kit';
import type { LeadState } from './lead-state.ts';
import type { AssignmentPolicy } from './policy.ts';

type Proposed = CustomerEvents['MatchProposed'];

/** A lead by which one side of the match was recognised. */
type Recognised = {
  readonly leadId: string;
  readonly customerId: string;
  readonly status: LeadState['status'];
  readonly capturedAt: number;
};

type Pair = { readonly left: readonly Recognised[]; readonly right: readonly Recognised[] };

export const duplicateWatch: Reaction = reaction<Pair>({
  name: 'DuplicateWatch',
  on: { customer: ['MatchProposed'] },
  async gather(sources: ContextSources, { data }: DecodedEvent) {
    const { leftId, rightId, evidence } = data as Proposed;
    // What names the records in the evidence of a match is the lead's id, where a lead is the record.
    const [left, right] = await Promise.all([
      leadsOf(
        sources,
        leftId,
        evidence.map(({ leftKey }) => leftKey),
      ),
      leadsOf(
        sources,
        rightId,
        evidence.map(({ rightKey }) => rightKey),
      ),
    ]);
    return { left, right };
  },
  react({ data, occurredAt }, { policies, zone, gathered: { left, right } }) {
    const { duplicateFrom } = policies.at<AssignmentPolicy>('lead-assignment', dateAt(occurredAt, zone));
    return (data as Proposed).score < duplicateFrom ? [] : laterOf(left, right);
  },
});

/** Those of the records that are leads of this party; none when somebody has registered it: it may be new business. */
const leadsOf = async (
  { lookups, read }: ContextSources,
  customerId: string,
  records: readonly string[],
): Promise<readonly Recognised[]> => {
  const party = await readParty(lookups, customerId);
  if (party !== null && (party.registered === true || party.standing !== 'present')) return [];
  const found = await Promise.all(
    [...new Set(records)].map(async (leadId) => {
      const { key, state } = await read('lead', leadId);
      const { status, capturedAt } = state as LeadState;
      return key === customerId && capturedAt !== null ? [{ leadId, customerId, status, capturedAt }] : [];
    }),
  );
  return found.flat();
};

/** The later lead repeats the earlier one, while that one is not over itself. */
const laterOf = (left: readonly Recognised[], right: readonly Recognised[]): readonly IssuedCommand[] => {
  const [one, other] = [left[0], right[0]];
  if (one === undefined || other === undefined) return [];
  const [first, later] = isBefore(one, other) ? [one, other] : [other, one];
  if (first.status === 'Disqualified') return [];
  return [
    {
      aggregate: 'lead',
      id: later.leadId,
      customerId: later.customerId,
      command: 'MarkLeadDuplicate',
      body: { duplicateOfLeadId: first.leadId },
    },
  ];
};

const isBefore = (one: Recognised, other: Recognised): boolean =>
  one.capturedAt === other.capturedAt ? one.leadId < other.leadId : one.capturedAt < other.capturedAt;
