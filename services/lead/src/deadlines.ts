// What the passing of time does to a lead: a response that was promised is overdue, a conversion has taken too long.
import { dateAt, idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { LeadEvents } from '@tenure/events/generated/lead';
import type { DeadlineChange, Deadlines } from '@tenure/service-kit';
import type { AssignmentPolicy } from './policy.ts';

const responding = (stream: string): string => `${stream}/respond`;
const converting = (stream: string): string => `${stream}/convert`;

const MS_PER_SECOND = 1_000;

const wake = (event: DecodedEvent, key: string, at: number, command: string): DeadlineChange => ({
  set: key,
  at,
  command: { aggregate: 'lead', id: idOfStream(event.stream), customerId: event.key, command, body: {} },
});

const answered = ({ stream }: DecodedEvent): readonly DeadlineChange[] => [{ clear: responding(stream) }];
const converted = ({ stream }: DecodedEvent): readonly DeadlineChange[] => [{ clear: converting(stream) }];

export const deadlines: Deadlines = {
  on: {
    LeadAssigned(event) {
      const { respondBy } = event.data as LeadEvents['LeadAssigned'];
      return respondBy === null
        ? answered(event)
        : [wake(event, responding(event.stream), respondBy, 'FlagResponseOverdue')];
    },
    LeadContactAttempted: answered,
    LeadResponseOverdue: answered,
    LeadNurtured: answered,
    LeadQualified: answered,
    LeadDisqualified: answered,
    LeadMarkedDuplicate: answered,
    LeadConversionRequested(event, { policies, zone }) {
      const { conversionSeconds } = policies.at<AssignmentPolicy>(
        'lead-assignment',
        dateAt(event.occurredAt, zone),
      );
      const at = event.occurredAt + conversionSeconds * MS_PER_SECOND;
      return [wake(event, converting(event.stream), at, 'FailConversion')];
    },
    LeadConverted: converted,
    LeadConversionFailed: converted,
  },
};
