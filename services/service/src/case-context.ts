// What the deciders of a case know beyond its stream: policies, the other case that a command names, who may take it.
import { isTenureError } from '@tenure/core';
import {
  readParty,
  type AgentsPolicy,
  type CalendarPolicy,
  type ContextSources,
  type DeploymentPolicy,
  type Lookups,
} from '@tenure/service-kit';
import { calendarFrom } from './calendars.ts';
import {
  OPEN_STATUSES,
  type Candidate,
  type CaseContext,
  type CaseState,
  type OtherCase,
} from './case-parts.ts';
import { policyId } from './case-rules.ts';
import type { DeskPolicy, SlaPolicy } from './policy.ts';

/** One queue is one desk; a larger one is split before its agents are counted at every assignment. */
const MAX_CANDIDATES = 500;

type Asked = {
  readonly name: string;
  readonly data: object;
  readonly base: { readonly today: string; readonly customerId: string };
};

export const caseContext = async (sources: ContextSources, asked: Asked): Promise<CaseContext> => {
  const { policies } = sources;
  const { name, data, base } = asked;
  const { today, customerId } = base;
  const desk = policies.at<DeskPolicy>('desk', today);
  return {
    zone: policies.at<DeploymentPolicy>('deployment', today).zone,
    desk,
    deskAt: (date) => policies.at<DeskPolicy>('desk', date),
    slaAt: (id) => orNull(() => policies.at<SlaPolicy>('sla', today, id)),
    sla: (id, version) => policies.version<SlaPolicy>('sla', version, id),
    calendarVersionAt: (id) => policies.at<CalendarPolicy>('calendar', today, id).version,
    calendar: (id, version) => calendarFrom(policies.version<CalendarPolicy>('calendar', version, id)),
    openCases: name === 'OpenCase' ? await openCasesOf(sources.lookups, 'customer_id', customerId) : 0,
    other: await otherCase(sources, namedCase(data), customerId),
    candidates: name === 'AssignCase' ? await candidates(sources, data, desk, today) : [],
  };
};

const orNull = <P>(find: () => P): P | null => {
  try {
    return find();
  } catch (error) {
    if (isTenureError(error, 'POLICY_MISSING')) return null;
    throw error;
  }
};

const openCasesOf = (lookups: Lookups, column: string, value: string): Promise<number> =>
  lookups.count('cases', [
    { column, op: 'eq', value },
    { column: 'status', op: 'in', value: OPEN_STATUSES },
  ]);

const namedCase = (data: object): string | null => {
  const { followsCaseId, intoCaseId } = data as {
    readonly followsCaseId?: string | null;
    readonly intoCaseId?: string | null;
  };
  return followsCaseId ?? intoCaseId ?? null;
};

/** A case by its id, and whether it belongs to this customer; null: there is none. */
export const otherCase = async (
  sources: ContextSources,
  caseId: string | null,
  customerId: string,
): Promise<OtherCase | null> => {
  if (caseId === null) return null;
  const { state, key } = await sources.read('case', caseId);
  if (key === null) return null;
  const sameCustomer =
    key === customerId ||
    (await survivorOf(sources.lookups, key)) === (await survivorOf(sources.lookups, customerId));
  return { status: (state as CaseState).status, sameCustomer };
};

const survivorOf = async (lookups: Lookups, customerId: string): Promise<string> =>
  (await readParty(lookups, customerId))?.survivorId ?? customerId;

/** The agents of the queue who have the skill, in the order of the policy. */
const candidates = async (
  { policies, lookups }: ContextSources,
  data: object,
  desk: DeskPolicy,
  today: string,
): Promise<readonly Candidate[]> => {
  const { agentId, queueId, skill } = data as {
    readonly agentId?: string | null;
    readonly queueId?: string | null;
    readonly skill?: string | null;
  };
  if ((agentId ?? null) !== null) return [];
  const wanted = queueId ?? policyId(desk.queue);
  const able = policies
    .at<AgentsPolicy>('agents', today)
    .agents.filter(({ queues }) => queues.some((code) => policyId(code) === wanted))
    .filter(({ skills }) => (skill ?? null) === null || skills.includes(skill ?? ''))
    .slice(0, MAX_CANDIDATES);
  return Promise.all(
    able.map(async ({ id }) => ({ agentId: id, openCases: await openCasesOf(lookups, 'agent_id', id) })),
  );
};
