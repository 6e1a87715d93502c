// The lead: captured, enriched, scored, assigned, reached, nurtured, qualified, and converted into a customer.
import { addDays, aggregate, NOTHING, ruleViolated, TenureError, uuid5, type Aggregate } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import {
  cardOf,
  checkBant,
  checkConversion,
  checkLater,
  checkLimit,
  checkOriginal,
  checkReason,
  conversionIdOf,
} from './lead-rules.ts';
import { noLead, type LeadParts, type LeadState } from './lead-state.ts';
import { scoreLead } from './scoring.ts';

const OPEN = ['New', 'Assigned', 'Working', 'Nurturing', 'Qualified'] as const;

/** The promise of a response is kept, or nobody waits for it any more. */
const answered = { respondBy: null, overdue: false } as const;

/** States, rules and events of the lead aggregate. */
export const lead: Aggregate<LeadParts> = aggregate<LeadParts>({
  name: 'lead',
  initial: noLead,
  transitions: {
    CaptureLead: [NOTHING],
    EnrichLead: OPEN,
    ScoreLead: OPEN,
    AssignLead: ['New', 'Assigned', 'Working', 'Nurturing'],
    LogContactAttempt: ['Assigned', 'Working'],
    FlagResponseOverdue: ['New', 'Assigned'],
    NurtureLead: ['New', 'Assigned', 'Working'],
    QualifyLead: ['Assigned', 'Working', 'Nurturing'],
    DisqualifyLead: OPEN,
    MarkLeadDuplicate: OPEN,
    RecycleLead: ['Disqualified'],
    RequestConversion: ['Qualified'],
    CompleteConversion: ['Converting'],
    FailConversion: ['Converting'],
  },
  decide: {
    CaptureLead(_, command, { id }) {
      checkLimit('interests', command.interests.length);
      return [{ type: 'LeadCaptured', data: { ...command, leadId: id } }];
    },
    EnrichLead(state, { fields, provider }, { id }) {
      const fieldNames = Object.keys(fields).toSorted();
      checkLimit('fields', new Set([...Object.keys(state.fields), ...fieldNames]).size);
      return [{ type: 'LeadEnriched', data: { leadId: id, fieldNames, fields, provider } }];
    },
    ScoreLead({ scorings }, _, { id, facts, model }) {
      checkLimit('scorings', scorings + 1);
      if (facts === null) throw new TypeError('the facts of the lead are missing');
      const { factors, ...score } = scoreLead(facts, model);
      return [{ type: 'LeadScored', data: { leadId: id, ...score, factors } }];
    },
    AssignLead({ grade }, { ownerId }, context) {
      const named = ownerId === undefined || ownerId === null ? null : { ownerId, ruleId: 'manual' };
      const chosen = named ?? context.next;
      if (chosen === null)
        throw ruleViolated(
          'NO_OWNER_AVAILABLE',
          'Nobody is in the queue of this lead; name an owner (ownerId).',
        );
      const respondBy = context.respondBy(grade);
      return [{ type: 'LeadAssigned', data: { leadId: context.id, ...chosen, respondBy } }];
    },
    LogContactAttempt({ attempts }, command, { id }) {
      checkLimit('attempts', attempts + 1);
      return [{ type: 'LeadContactAttempted', data: { ...command, leadId: id } }];
    },
    FlagResponseOverdue({ respondBy, overdue, ownerId }, _, { id, now }) {
      if (respondBy === null || overdue || now < respondBy) return [];
      return [{ type: 'LeadResponseOverdue', data: { leadId: id, ownerId, respondBy } }];
    },
    NurtureLead(_, { programId, reengageOn }, { id, today, nurtureDays }) {
      const on = checkLater(reengageOn ?? addDays(today, nurtureDays), today);
      return [{ type: 'LeadNurtured', data: { leadId: id, programId, reengageOn: on } }];
    },
    QualifyLead(_, command, { id, actor }) {
      checkBant(command);
      return [{ type: 'LeadQualified', data: { ...command, leadId: id, qualifiedBy: actor } }];
    },
    DisqualifyLead(_, command, context) {
      checkReason(command.reasonCode, context);
      return [{ type: 'LeadDisqualified', data: { ...command, leadId: context.id } }];
    },
    MarkLeadDuplicate(_, command, context) {
      checkOriginal(command, context);
      return [{ type: 'LeadMarkedDuplicate', data: { ...command, leadId: context.id } }];
    },
    RecycleLead(_, { reengageOn }, { id, today, recycleDays }) {
      const on = checkLater(reengageOn ?? addDays(today, recycleDays), today);
      return [{ type: 'LeadRecycled', data: { leadId: id, reengageOn: on } }];
    },
    RequestConversion(state, command, context) {
      checkConversion(command, context);
      const { id: leadId, commandId } = context;
      const conversionId = conversionIdOf(state, command.conversionId, uuid5(commandId, 'conversionId'));
      const opportunityId =
        command.opportunityMode === 'NEW' ? uuid5(conversionId, 'opportunity') : command.opportunityId;
      const data = { ...command, ...cardOf(context), leadId, conversionId, opportunityId };
      return [{ type: 'LeadConversionRequested', data }];
    },
    CompleteConversion({ conversion }, _, { id: leadId }) {
      const { conversionId, customerMode, existingCustomerId, opportunityId } = asked(conversion);
      if (customerMode === 'UNKNOWN') return [];
      return [
        {
          type: 'LeadConverted',
          data: { leadId, conversionId, customerMode, existingCustomerId, opportunityId },
        },
      ];
    },
    FailConversion({ conversion }, _, { id: leadId, progress }) {
      const { conversionId } = asked(conversion);
      // All of it has happened: the reaction that completes it is on its way.
      if (progress === null || (progress.customer && progress.opportunity)) return [];
      const step = progress.customer ? 'opportunity' : 'customer';
      return [{ type: 'LeadConversionFailed', data: { leadId, conversionId, step, reasonCode: 'TIMEOUT' } }];
    },
  },
  evolve: {
    LeadCaptured: (state, { occurredAt, data: { leadId: _id, ...captured } }) => ({
      ...state,
      ...captured,
      status: 'New',
      capturedAt: occurredAt,
    }),
    LeadEnriched: (state, { data }) => ({
      ...state,
      fields: {
        ...state.fields,
        ...Object.fromEntries(data.fieldNames.map((entry) => [entry, valueIn(data.fields, entry)])),
      },
    }),
    LeadScored: (state, { data: { score, grade, modelVersion } }) => ({
      ...state,
      score,
      grade: grade === 'UNKNOWN' ? null : grade,
      modelVersion,
      scorings: state.scorings + 1,
    }),
    LeadAssigned: (state, { data: { ownerId, queueId, respondBy } }) => ({
      ...state,
      status: 'Assigned',
      ownerId,
      queueId,
      respondBy,
      overdue: false,
    }),
    LeadContactAttempted: (state, { data: { outcome } }) => ({
      ...state,
      ...answered,
      status: 'Working',
      attempts: state.attempts + 1,
      outcome,
    }),
    LeadResponseOverdue: (state) => ({ ...state, overdue: true }),
    LeadNurtured: (state, { data: { reengageOn } }) => ({
      ...state,
      ...answered,
      status: 'Nurturing',
      reengageOn,
    }),
    LeadQualified: (state, { data: { leadId: _id, qualifiedBy: _by, ...answers } }) => ({
      ...state,
      ...answered,
      ...answers,
      status: 'Qualified',
    }),
    LeadDisqualified: (state, { data: { reasonCode } }) => ({
      ...state,
      ...answered,
      status: 'Disqualified',
      reasonCode,
    }),
    LeadMarkedDuplicate: (state, { data: { leadId: _id, ...original } }) => ({
      ...state,
      ...answered,
      ...original,
      status: 'Disqualified',
    }),
    LeadRecycled: (state, { data: { reengageOn } }) => ({
      ...state,
      status: 'Nurturing',
      reengageOn,
      reasonCode: null,
      duplicateOfLeadId: null,
      duplicateOfCustomerId: null,
    }),
    LeadConversionRequested: (state, { data }) => ({
      ...state,
      status: 'Converting',
      conversion: conversionOf(data),
    }),
    LeadConverted: (state) => ({ ...state, status: 'Converted' }),
    LeadConversionFailed: (state, { data: { step } }) => ({
      ...state,
      status: 'Qualified',
      conversion: state.conversion && { ...state.conversion, failedAt: step },
    }),
  },
});

/** One value of a sealed map. */
const valueIn = ({ $sealed, field }: Sealable<unknown>, entry: string): Sealable<string> => ({
  $sealed,
  field,
  entry,
});

const conversionOf = ({
  leadId: _id,
  person: _person,
  company: _company,
  ...conversion
}: LeadParts['events']['LeadConversionRequested']): LeadState['conversion'] => ({
  ...conversion,
  failedAt: null,
});

const asked = (conversion: LeadState['conversion']): NonNullable<LeadState['conversion']> => {
  if (conversion === null) throw new TenureError('INTERNAL', 'A lead that is Converting has a conversion.');
  return conversion;
};
