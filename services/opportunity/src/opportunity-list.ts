// The list behind `GET /api/opportunities`.
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import { listModel } from '@tenure/service-kit';

const moving = () => ({ stalled: 0 });

export const opportunities = listModel<OpportunityEvents>({
  name: 'opportunities',
  source: 'opportunity',
  aggregate: 'opportunity',
  status: {
    OpportunityOpened: 'Open',
    OpportunityStageChanged: null,
    OpportunityForecastRevised: null,
    OpportunityLinesRevised: null,
    OpportunityContactAttached: null,
    CompetitorRecorded: null,
    ObjectionRecorded: null,
    OpportunityReassigned: null,
    OpportunityStalled: null,
    OpportunityWon: 'Won',
    OpportunityLost: 'Lost',
    OpportunityAbandoned: 'Abandoned',
    OpportunityReopened: 'Open',
    OpportunityWinReverted: 'Open',
  },
  fields: {
    owner: { column: 'owner', type: 'text', en: 'Owner', zh: '负责人' },
    pipelineId: { column: 'pipeline_id', type: 'text', en: 'Pipeline', zh: '销售流程' },
    stageId: { column: 'stage_id', type: 'text', en: 'Stage', zh: '阶段' },
    kind: { column: 'kind', type: 'text', en: 'Kind of business', zh: '商机类型' },
    stalled: { column: 'stalled', type: 'integer', en: 'Stalled (1) or not (0)', zh: '是否停滞' },
    expectedCloseOn: {
      column: 'expected_close_on',
      type: 'text',
      en: 'Expected to close on',
      zh: '预计成交日',
    },
  },
  changes: {
    OpportunityOpened: ({ ownerId, pipelineId, stageId, kind, expectedCloseOn }) => ({
      owner: ownerId,
      pipelineId,
      stageId,
      kind,
      stalled: 0,
      expectedCloseOn,
    }),
    OpportunityStageChanged: ({ toStageId }) => ({ stageId: toStageId, stalled: 0 }),
    OpportunityForecastRevised: ({ expectedCloseOn }) => ({ expectedCloseOn }),
    OpportunityReassigned: ({ ownerId }) => ({ owner: ownerId }),
    OpportunityStalled: () => ({ stalled: 1 }),
    OpportunityWon: moving,
    OpportunityLost: moving,
    OpportunityAbandoned: moving,
    OpportunityReopened: moving,
    OpportunityWinReverted: moving,
  },
});
