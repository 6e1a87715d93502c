// What the passing of time does to a deal: it is stalled when it stays in its stage longer than the pipeline allows.
import { addDays, dateAt, idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import type { DeadlineChange, Deadlines } from '@tenure/service-kit';
import type { PipelinePolicy } from './policy.ts';

const stalling = (stream: string): string => `${stream}/stalled`;

const over = ({ stream }: DecodedEvent): readonly DeadlineChange[] => [{ clear: stalling(stream) }];

/** FlagStalled when the day closes on which the stay is longer than the limit. */
const begins = (event: DecodedEvent, limitDays: number | null | undefined, zone: string) =>
  limitDays === null || limitDays === undefined
    ? over(event)
    : [
        {
          set: stalling(event.stream),
          day: addDays(dateAt(event.occurredAt, zone), limitDays + 1),
          command: {
            aggregate: 'opportunity',
            id: idOfStream(event.stream),
            customerId: event.key,
            command: 'FlagStalled',
            body: {},
          },
        },
      ];

type Entering = OpportunityEvents[
  | 'OpportunityStageChanged'
  | 'OpportunityReopened'
  | 'OpportunityWinReverted'];

type Said = Deadlines['on'][string];
const entered: Said = (event, { zone }) => begins(event, (event.data as Entering).limitDays, zone);

export const deadlines: Deadlines = {
  on: {
    OpportunityOpened(event, { policies, zone }) {
      const { pipelineId, pipelineVersion, stageId } = event.data as OpportunityEvents['OpportunityOpened'];
      const { stages } = policies.version<PipelinePolicy>('pipeline', pipelineVersion, pipelineId);
      return begins(event, stages.find((stage) => stage.stageId === stageId)?.limitDays, zone);
    },
    OpportunityStageChanged: entered,
    OpportunityReopened: entered,
    OpportunityWinReverted: entered,
    OpportunityStalled: over,
    OpportunityWon: over,
    OpportunityLost: over,
    OpportunityAbandoned: over,
  },
};
