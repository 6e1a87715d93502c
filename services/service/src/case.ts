// The case: a customer asks for help, somebody answers for it, promises run in business time until it is solved.
import { aggregate, NOTHING, type Aggregate, type CommandContext } from '@tenure/core';
import {
  checkClosing,
  checkCode,
  checkFollowed,
  checkMergeTarget,
  checkOpenCases,
  checkQuestions,
  checkReopenWindow,
  leastBusy,
  nextLevel,
  policyId,
  promiseOf,
  teamOf,
} from './case-rules.ts';
import { noCase, type CaseContext, type CaseParts, type CaseState } from './case-parts.ts';
import {
  answered,
  breached,
  clockIdOf,
  clocksOfOpened,
  clockWithId,
  dueAfter,
  paused,
  promised,
  restarted,
  resume,
  resumed,
  started,
  stopped,
  unpromised,
} from './clocks.ts';
import type { SlaPolicy } from './policy.ts';

type Known = CommandContext & CaseContext;
type Entitlement = NonNullable<CaseState['entitlement']>;

const entitlementOf = (policy: SlaPolicy, { calendarVersionAt }: CaseContext): Entitlement => ({
  serviceContractId: null,
  slaPolicyId: policy.id,
  slaPolicyVersion: policy.version,
  calendarId: policy.calendar,
  calendarVersion: calendarVersionAt(policy.calendar),
});

const sameEntitlement = (a: Entitlement | null, b: Entitlement): boolean =>
  a !== null &&
  a.slaPolicyId === b.slaPolicyId &&
  a.slaPolicyVersion === b.slaPolicyVersion &&
  a.calendarId === b.calendarId &&
  a.calendarVersion === b.calendarVersion;

const calendarOf = ({ calendarId, calendarVersion }: Entitlement, { calendar }: CaseContext) =>
  calendar(calendarId, calendarVersion);

/**
 * What a clock may count by. A case that was answered before anybody could verify what it is entitled to is verified
 * now; one that is not covered is promised nothing.
 */
const entitledTo = ({ entitlement, denied }: CaseState, context: Known): Entitlement | null =>
  entitlement ?? (denied === null ? entitlementOf(promiseOf(context.desk.sla, context), context) : null);

/** States, rules and events of the case. */
export const serviceCase: Aggregate<CaseParts> = aggregate<CaseParts>({
  name: 'case',
  initial: noCase,
  transitions: {
    OpenCase: [NOTHING],
    VerifyEntitlement: ['New', 'Assigned'],
    DenyEntitlement: ['New', 'Assigned'],
    StartSlaClock: ['New', 'Assigned', 'InProgress'],
    AssignCase: ['New', 'Assigned', 'InProgress'],
    RespondToCase: ['New', 'Assigned', 'InProgress'],
    PendOnCustomer: ['Assigned', 'InProgress'],
    RecordCustomerReply: ['PendingCustomer', 'Resolved'],
    EscalateCase: ['New', 'Assigned', 'InProgress', 'PendingCustomer'],
    BreachSla: ['New', 'Assigned', 'InProgress'],
    ResolveCase: ['Assigned', 'InProgress', 'PendingCustomer'],
    CloseCase: ['Resolved'],
    ReopenCase: ['Resolved'],
    MergeCase: ['New', 'Assigned', 'InProgress', 'PendingCustomer'],
  },
  decide: {
    OpenCase(_, command, context) {
      checkOpenCases(context);
      if ((command.followsCaseId ?? null) !== null) checkFollowed(context.other);
      return [{ type: 'CaseOpened', data: { ...command, caseId: context.id } }];
    },
    VerifyEntitlement({ entitlement, denied }, { slaPolicyId }, context) {
      // What a supervisor has said meanwhile stands.
      if (context.actor.kind === 'process' && (entitlement !== null || denied !== null)) return [];
      const verified = entitlementOf(promiseOf(slaPolicyId ?? context.desk.sla, context), context);
      if (sameEntitlement(entitlement, verified)) return [];
      return [{ type: 'EntitlementVerified', data: { caseId: context.id, ...verified } }];
    },
    DenyEntitlement({ denied }, { reasonCode, chargeable }, { id, desk }) {
      checkCode(desk.denials, reasonCode);
      if (denied?.reasonCode === reasonCode && denied.chargeable === chargeable) return [];
      return [{ type: 'EntitlementDenied', data: { caseId: id, reasonCode, chargeable } }];
    },
    StartSlaClock(state, { kind }, context) {
      const waiting = state.clocks.waiting[kind];
      const entitlement = waiting === null ? null : entitledTo(state, context);
      const { priority, clocks } = state;
      if (waiting === null || entitlement === null || priority === null || priority === 'UNKNOWN') return [];
      const { slaPolicyId, slaPolicyVersion } = entitlement;
      const targetMinutes = context.sla(slaPolicyId, slaPolicyVersion).targets[priority][kind];
      const dueAt = dueAfter(calendarOf(entitlement, context), waiting.since, targetMinutes, clocks.pauses);
      const { clock } = waiting;
      if (clock !== null && (clock.breached || clock.dueAt === dueAt)) return [];
      const caseId = context.id;
      const clockId = clockIdOf(caseId, kind, waiting.nth);
      return [
        ...(state.entitlement === null
          ? [{ type: 'EntitlementVerified' as const, data: { caseId, ...entitlement } }]
          : []),
        { type: 'SlaClockStarted', data: { caseId, clockId, kind, targetMinutes, dueAt } },
      ];
    },
    AssignCase(state, command, { id, desk, candidates }) {
      const byHand = command.agentId ?? null;
      const skill = command.skill ?? null;
      const queueId = command.queueId ?? (byHand === null ? policyId(desk.queue) : null);
      const agentId = byHand ?? leastBusy(candidates);
      const same = state.agentId === agentId && state.queueId === queueId && state.skill === skill;
      if (same && state.status === 'Assigned') return [];
      const ruleId = byHand === null ? `least-busy@${desk.version}` : 'manual';
      return [{ type: 'CaseAssigned', data: { caseId: id, agentId, queueId, skill, ruleId } }];
    },
    RespondToCase({ answered: before }, { interactionId, byHuman }, { id }) {
      const first = byHuman && !before;
      return [{ type: 'CaseResponded', data: { caseId: id, interactionId, first, byHuman } }];
    },
    PendOnCustomer({ clocks }, { question }, { id, desk }) {
      checkQuestions(clocks.pauses.length, desk);
      return [{ type: 'CasePendedOnCustomer', data: { caseId: id, question } }];
    },
    RecordCustomerReply({ clocks, entitlement }, { interactionId }, context) {
      const due = entitlement === null ? [] : resume(clocks, calendarOf(entitlement, context), context.now);
      return [{ type: 'CustomerReplyReceived', data: { caseId: context.id, interactionId, resumed: due } }];
    },
    EscalateCase(state, { level: wanted, toTeamId, reasonCode }, { id, desk }) {
      checkCode(desk.escalations, reasonCode);
      const level = nextLevel(state.level, wanted, desk);
      return [
        {
          type: 'CaseEscalated',
          data: { caseId: id, level, toTeamId: toTeamId ?? teamOf(level, desk), reasonCode },
        },
      ];
    },
    BreachSla({ clocks }, { clockId, dueAt }, { id, now }) {
      const clock = clockWithId(clocks, clockId);
      // Kept, stopped, breached before, or due at another time by now: there is nothing to breach.
      if (clock === null || clock.breached || clock.dueAt !== dueAt || now < dueAt) return [];
      return [{ type: 'SlaBreached', data: { caseId: id, clockId, kind: clock.kind, dueAt } }];
    },
    ResolveCase(_, { resolutionCode, articleId, firstContact }, { id, desk }) {
      checkCode(desk.resolutions, resolutionCode);
      return [{ type: 'CaseResolved', data: { caseId: id, resolutionCode, articleId, firstContact } }];
    },
    CloseCase(state, _, context) {
      checkClosing(state, context);
      return [{ type: 'CaseClosed', data: { caseId: context.id } }];
    },
    ReopenCase(state, { reason }, context) {
      checkReopenWindow(state, context);
      return [{ type: 'CaseReopened', data: { caseId: context.id, reason, count: state.reopened + 1 } }];
    },
    MergeCase(_, { intoCaseId }, { id, other }) {
      checkMergeTarget(id, intoCaseId, other);
      return [{ type: 'CaseMerged', data: { caseId: id, intoCaseId } }];
    },
  },
  evolve: {
    CaseOpened(state, event) {
      const { caseId: _, ...opened } = event.data;
      const clocks = promised(clocksOfOpened(event.occurredAt), event);
      return { ...state, ...opened, status: 'New', openedAt: event.occurredAt, clocks };
    },
    EntitlementVerified(state, { data }) {
      const { caseId: _, ...entitlement } = data;
      return { ...state, entitlement, denied: null };
    },
    EntitlementDenied: (state, { data: { reasonCode, chargeable } }) => ({
      ...state,
      entitlement: null,
      denied: { reasonCode, chargeable },
      clocks: unpromised(state.clocks),
    }),
    SlaClockStarted: (state, { data: { kind, clockId, targetMinutes, dueAt } }) =>
      kind === 'UNKNOWN'
        ? state
        : { ...state, clocks: started(state.clocks, { kind, clockId, targetMinutes, dueAt }) },
    CaseAssigned: (state, { data: { agentId, queueId, skill } }) => ({
      ...state,
      status: 'Assigned',
      agentId,
      queueId,
      skill,
    }),
    CaseResponded: (state, { data: { byHuman } }) => ({
      ...state,
      status: 'InProgress',
      answered: state.answered || byHuman,
      clocks: byHuman ? answered(state.clocks) : state.clocks,
    }),
    CasePendedOnCustomer: (state, { occurredAt, data: { question } }) => ({
      ...state,
      status: 'PendingCustomer',
      question,
      clocks: paused(state.clocks, occurredAt),
    }),
    CustomerReplyReceived(state, event) {
      const again = state.status === 'Resolved';
      const clocks = again
        ? restarted(state.clocks, event.occurredAt)
        : resumed(state.clocks, event.occurredAt, event.data.resumed);
      return {
        ...state,
        ...(again ? unresolved : {}),
        status: 'InProgress',
        clocks: promised(clocks, event),
      };
    },
    CaseEscalated: (state, { data: { level, toTeamId } }) => ({ ...state, level, teamId: toTeamId }),
    SlaBreached: (state, { data: { clockId } }) => ({
      ...state,
      breaches: state.breaches + 1,
      clocks: breached(state.clocks, clockId),
    }),
    CaseResolved: (state, { occurredAt, data: { resolutionCode, articleId, firstContact } }) => ({
      ...state,
      status: 'Resolved',
      resolvedAt: occurredAt,
      resolutionCode,
      articleId,
      firstContact,
      clocks: stopped(state.clocks),
    }),
    CaseClosed: (state) => ({ ...state, status: 'Closed' }),
    CaseReopened: (state, event) => ({
      ...state,
      ...unresolved,
      status: 'InProgress',
      reopened: event.data.count,
      reopenReason: event.data.reason,
      clocks: promised(restarted(state.clocks, event.occurredAt), event),
    }),
    CaseMerged: (state, { data: { intoCaseId } }) => ({
      ...state,
      status: 'Closed',
      intoCaseId,
      clocks: stopped(state.clocks),
    }),
  },
});

const unresolved = { resolvedAt: null, resolutionCode: null, firstContact: null, articleId: null } as const;
