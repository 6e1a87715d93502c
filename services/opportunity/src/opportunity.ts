// The deal: opened, moved along its pipeline, filled with lines, won, lost or abandoned, and perhaps opened again.
import { addDays, aggregate, checkLines, NOTHING, ruleViolated, uuid5, type Aggregate } from '@tenure/core';
import { lineTotals } from './criteria.ts';
import {
  checkExit,
  checkLossReason,
  checkOpenDeals,
  checkReason,
  checkRoom,
  daysBefore,
  pipelineFor,
  sameCurrency,
  stageOf,
  type OpportunityContext,
} from './opportunity-rules.ts';
import { noOpportunity, type OpportunityParts, type OpportunityState } from './opportunity-state.ts';

/** The one order a win leads to. */
export const orderOfWin = (opportunityId: string, winRevision: number): string =>
  uuid5(opportunityId, String(winRevision));

/** A new stay in a stage. */
const stay = (since: number) => ({ stageSince: since, stalled: false });

const without = <T>(items: readonly T[], same: (item: T) => boolean): readonly T[] =>
  items.filter((item) => !same(item));

/** States, rules and events of the opportunity aggregate. */
export const opportunity: Aggregate<OpportunityParts> = aggregate<OpportunityParts>({
  name: 'opportunity',
  initial: noOpportunity,
  transitions: {
    OpenOpportunity: [NOTHING],
    ChangeStage: ['Open'],
    ReviseForecast: ['Open'],
    ReviseLines: ['Open'],
    AttachContact: ['Open'],
    RecordCompetitor: ['Open'],
    RecordObjection: ['Open'],
    ReassignOpportunity: ['Open'],
    FlagStalled: ['Open'],
    MarkWon: ['Open'],
    MarkLost: ['Open'],
    AbandonOpportunity: ['Open'],
    ReopenOpportunity: ['Lost', 'Abandoned'],
    RevertWin: ['Won'],
  },
  decide: {
    OpenOpportunity(_, command, context) {
      const pipeline = pipelineFor(command, context);
      stageOf(pipeline, command.stageId);
      checkOpenDeals(context);
      const { version: pipelineVersion } = pipeline;
      return [
        { type: 'OpportunityOpened', data: { ...command, opportunityId: context.id, pipelineVersion } },
      ];
    },
    ChangeStage(state, { toStageId }, context) {
      const { stageId } = state;
      if (stageId === null || stageId === toStageId) return [];
      const { probabilityPct, limitDays } = checkExit(state, stageId, toStageId, context);
      return [
        {
          type: 'OpportunityStageChanged',
          data: { opportunityId: context.id, fromStageId: stageId, toStageId, probabilityPct, limitDays },
        },
      ];
    },
    ReviseForecast(state, command, { id }) {
      sameCurrency(state.amount, command.amount);
      const { amount, expectedCloseOn, category } = state;
      const unchanged =
        amount?.minor === command.amount.minor &&
        expectedCloseOn === command.expectedCloseOn &&
        category === command.category;
      return unchanged
        ? []
        : [{ type: 'OpportunityForecastRevised', data: { ...command, opportunityId: id } }];
    },
    ReviseLines(state, command, { id }) {
      checkLines(command.lines, command.total, 'deal');
      sameCurrency(state.amount, command.total);
      return [{ type: 'OpportunityLinesRevised', data: { ...command, opportunityId: id } }];
    },
    AttachContact({ contacts }, { contactId = null, leadId = null, role }, { id }) {
      const known = contacts.some(
        (one) => one.contactId === contactId && one.leadId === leadId && one.role === role,
      );
      if (known) return [];
      checkRoom('contacts', contacts.length);
      return [{ type: 'OpportunityContactAttached', data: { opportunityId: id, contactId, leadId, role } }];
    },
    RecordCompetitor({ competitors }, command, { id }) {
      const known = competitors.find(({ competitorId }) => competitorId === command.competitorId);
      if (known === undefined) checkRoom('competitors', competitors.length);
      else if (known.position === command.position && !command.note) return [];
      return [{ type: 'CompetitorRecorded', data: { ...command, opportunityId: id } }];
    },
    RecordObjection: (_, command, { id }) => [
      { type: 'ObjectionRecorded', data: { ...command, opportunityId: id } },
    ],
    ReassignOpportunity: ({ ownerId: previousOwnerId }, { ownerId }, { id }) =>
      previousOwnerId === null || ownerId === previousOwnerId
        ? []
        : [{ type: 'OpportunityReassigned', data: { opportunityId: id, ownerId, previousOwnerId } }],
    FlagStalled(state, _, context) {
      const { stageId, stageSince, stalled } = state;
      if (stageId === null || stageSince === null || stalled) return [];
      const { limitDays } = stageOf(pipelineFor(state, context), stageId);
      const daysInStage = daysBefore(stageSince, addDays(context.today, -1), context.zone);
      if (daysInStage <= limitDays) return [];
      return [
        { type: 'OpportunityStalled', data: { opportunityId: context.id, stageId, daysInStage, limitDays } },
      ];
    },
    MarkWon({ amount, lines }, { quoteId }, { id, actor }) {
      if (amount === null || lines.length === 0)
        throw ruleViolated('NO_LINES', 'A deal is won with what was sold; add its lines first.');
      const sold = lineTotals(lines, amount);
      return [
        { type: 'OpportunityWon', data: { opportunityId: id, quoteId, amount: sold, lines, wonBy: actor } },
      ];
    },
    MarkLost({ kind }, command, context) {
      checkLossReason(command, context);
      if (kind === null || kind === 'UNKNOWN') return [];
      return [{ type: 'OpportunityLost', data: { ...command, opportunityId: context.id, kind } }];
    },
    AbandonOpportunity(_, { reasonCode }, context) {
      checkReason(reasonCode, context.reasons.abandonment);
      return [{ type: 'OpportunityAbandoned', data: { opportunityId: context.id, reasonCode } }];
    },
    ReopenOpportunity(state, { reason }, context) {
      checkOpenDeals(context);
      const limitDays = limitOf(state, context);
      return [{ type: 'OpportunityReopened', data: { opportunityId: context.id, reason, limitDays } }];
    },
    RevertWin(state, { orderId, reasonCode }, context) {
      if (state.wonRevision === null || orderId !== orderOfWin(context.id, state.wonRevision))
        throw ruleViolated('WRONG_ORDER', 'This order does not come from the win that stands.');
      const limitDays = limitOf(state, context);
      return [
        {
          type: 'OpportunityWinReverted',
          data: { opportunityId: context.id, orderId, reasonCode, limitDays },
        },
      ];
    },
  },
  evolve: {
    OpportunityOpened: (state, { occurredAt, data: { opportunityId: _id, ...opened } }) => ({
      ...state,
      ...opened,
      ...stay(occurredAt),
      status: 'Open',
      openedAt: occurredAt,
    }),
    OpportunityStageChanged: (state, { occurredAt, data }) => ({
      ...state,
      ...stay(occurredAt),
      stageId: data.toStageId,
    }),
    OpportunityForecastRevised: (state, { data: { amount, expectedCloseOn, category } }) => ({
      ...state,
      amount,
      expectedCloseOn,
      category,
    }),
    OpportunityLinesRevised: (state, { data: { lines } }) => ({ ...state, lines }),
    OpportunityContactAttached: (state, { data: { opportunityId: _id, ...contact } }) => ({
      ...state,
      contacts: [...state.contacts, contact],
    }),
    CompetitorRecorded: (state, { data: { competitorId, position, note } }) => ({
      ...state,
      competitors: [
        ...without(state.competitors, (one) => one.competitorId === competitorId),
        { competitorId, position, note },
      ],
    }),
    ObjectionRecorded: (state, { data: { kind, nature, response } }) => ({
      ...state,
      objections: [
        ...without(state.objections, (one) => one.kind === kind),
        { kind, nature, response, answered: response !== null },
      ],
    }),
    OpportunityReassigned: (state, { data }) => ({ ...state, ownerId: data.ownerId }),
    OpportunityStalled: (state) => ({ ...state, stalled: true }),
    OpportunityWon: (state, { revision, data: { amount, lines } }) => ({
      ...state,
      status: 'Won',
      stalled: false,
      amount,
      lines,
      wonRevision: revision,
    }),
    OpportunityLost: (state, { data }) => ({
      ...state,
      status: 'Lost',
      stalled: false,
      reasonCode: data.reasonCode,
    }),
    OpportunityAbandoned: (state, { data }) => ({
      ...state,
      status: 'Abandoned',
      stalled: false,
      reasonCode: data.reasonCode,
    }),
    OpportunityReopened: (state, { occurredAt }) => ({
      ...state,
      ...stay(occurredAt),
      status: 'Open',
      reasonCode: null,
    }),
    OpportunityWinReverted: (state, { occurredAt }) => ({
      ...state,
      ...stay(occurredAt),
      status: 'Open',
      wonRevision: null,
    }),
  },
});

/** Days that the pipeline allows in the stage where the deal goes on. */
const limitOf = (state: OpportunityState, context: OpportunityContext): number | null =>
  state.stageId === null ? null : stageOf(pipelineFor(state, context), state.stageId).limitDays;
