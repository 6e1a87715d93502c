// What the deciders of a lead may know beyond its stream: policies, the opened personal values, whose turn it is.
import {
  addBusinessMinutes,
  businessCalendar,
  dateAt,
  daysBetween,
  tenureNamespace,
  uuid5,
  type BusinessCalendar,
} from '@tenure/core';
import { matchKey, type Sealable } from '@tenure/events';
import {
  readParty,
  type AgentsPolicy,
  type AggregateSpec,
  type CalendarPolicy,
  type ContextSources,
  type DeploymentPolicy,
  type ReadAggregate,
} from '@tenure/service-kit';
import { nextInQueue } from './assignment.ts';
import { progressOf } from './conversion.ts';
import type { LeadCommands, LeadContext, LeadState } from './lead-state.ts';
import { memberOf } from './lookups.ts';
import type { AssignmentPolicy, LeadReasonsPolicy, ScoringPolicy } from './policy.ts';
import type { LeadFacts } from './scoring.ts';

export type Asked = Parameters<NonNullable<AggregateSpec['context']>>[1];

type Desk = {
  readonly today: string;
  readonly now: number;
  readonly deployment: DeploymentPolicy;
  readonly assignment: AssignmentPolicy;
};

/** A checked calendar per policy version. */
const calendars = new WeakMap<CalendarPolicy, BusinessCalendar>();

const calendarOf = (policy: CalendarPolicy): BusinessCalendar => {
  const calendar = calendars.get(policy) ?? businessCalendar(policy);
  calendars.set(policy, calendar);
  return calendar;
};

/** The context of a decider: only what its command needs is read. */
export const leadContext = async (sources: ContextSources, asked: Asked): Promise<LeadContext> => {
  const { policies } = sources;
  const { name, data, base } = asked;
  const { today, now } = base;
  const assignment = policies.at<AssignmentPolicy>('lead-assignment', today);
  const desk = { today, now, assignment, deployment: policies.at<DeploymentPolicy>('deployment', today) };
  const known: LeadContext = {
    model: policies.at<ScoringPolicy>('lead-scoring', today),
    facts: null,
    card: null,
    next: null,
    respondBy: respondByOf(sources, desk),
    nurtureDays: assignment.nurtureDays,
    recycleDays: assignment.recycleDays,
    reasons: policies.at<LeadReasonsPolicy>('lead-reasons', today).disqualification,
    original: true,
    gone: null,
    progress: null,
  };
  const self = (): Promise<ReadAggregate> => sources.read('lead', base.id);
  switch (name) {
    case 'ScoreLead':
      return { ...known, facts: factsOf(await self(), desk) };
    case 'AssignLead':
      return isNamed(data)
        ? known
        : { ...known, next: await nextFor(sources, (await self()).state as LeadState, desk) };
    case 'MarkLeadDuplicate':
      return { ...known, original: await originalExists(sources, data) };
    case 'RequestConversion': {
      const gone = await goneTo(sources, data as LeadCommands['RequestConversion']);
      return { ...known, gone, card: cardOf(await self()) };
    }
    case 'FailConversion': {
      const { conversion } = (await self()).state as LeadState;
      return {
        ...known,
        progress: conversion && (await progressOf(sources, base.id, base.customerId, conversion)),
      };
    }
    default:
      return known;
  }
};

const respondByOf =
  ({ policies }: ContextSources, { today, now, assignment }: Desk): LeadContext['respondBy'] =>
  (grade) => {
    const minutes = assignment.respondMinutes[grade ?? assignment.unscored];
    if (minutes === undefined) return null;
    const calendar = calendarOf(policies.at<CalendarPolicy>('calendar', today, assignment.calendar));
    return addBusinessMinutes(calendar, now, minutes);
  };

/** A value that was added counts before the one the lead came with. */
const valueOf = ({ state, open }: ReadAggregate, name: string, first: string | null): string | null => {
  const { fields } = state as LeadState;
  const added: Sealable<string> | undefined = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return (added === undefined ? null : open(added)) ?? first;
};

/** The person as known now; null when nobody can read it any more. */
const cardOf = (read: ReadAggregate): LeadContext['card'] => {
  const { person, company } = read.state as LeadState;
  const first = read.open(person);
  if (first === null) return null;
  return {
    person: {
      name: valueOf(read, 'name', first.name) ?? first.name,
      email: valueOf(read, 'email', first.email),
      phone: valueOf(read, 'phone', first.phone),
      jobTitle: valueOf(read, 'jobTitle', first.jobTitle),
    },
    company: valueOf(read, 'company', read.open(company)),
  };
};

const factsOf = (read: ReadAggregate, { today, deployment }: Desk): LeadFacts => {
  const { source, interests, referrerCustomerId, outcome, capturedAt } = read.state as LeadState;
  const card = cardOf(read);
  const usable = (kind: 'EMAIL' | 'PHONE', value: string | null | undefined): boolean =>
    value !== null && value !== undefined && matchKey(kind, value, deployment.telephoneRegion) !== null;
  return {
    source: source ?? '',
    hasEmail: usable('EMAIL', card?.person.email),
    hasPhone: usable('PHONE', card?.person.phone),
    jobTitle: card?.person.jobTitle ?? null,
    hasCompany: (card?.company ?? '').trim() !== '',
    employees: countIn(valueOf(read, 'employees', null)),
    interests: new Set(interests).size,
    isReferred: referrerCustomerId !== null,
    outcome,
    ageDays: capturedAt === null ? 0 : Math.max(0, daysBetween(dateAt(capturedAt, deployment.zone), today)),
  };
};

/** "1,200" → 1200; null for what is no number of people. */
const countIn = (text: string | null): number | null => {
  const digits = (text ?? '').replaceAll(/[\s,]/g, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
};

const isNamed = ({ ownerId }: LeadCommands['AssignLead']): boolean =>
  ownerId !== undefined && ownerId !== null;

const nextFor = async (
  { policies, lookups }: ContextSources,
  { territoryId }: LeadState,
  { today, assignment }: Desk,
): Promise<LeadContext['next']> => {
  const queue = (territoryId === null ? undefined : assignment.territories[territoryId]) ?? assignment.queue;
  const { agents } = policies.at<AgentsPolicy>('agents', today);
  const members = agents.filter(({ queues }) => queues.includes(queue));
  const ownerId = nextInQueue(await Promise.all(members.map(({ id }) => memberOf(lookups, id))));
  if (ownerId === null) return null;
  return {
    ownerId,
    queueId: uuid5(tenureNamespace('policy'), queue),
    ruleId: `round-robin@${assignment.version}`,
  };
};

const originalExists = async (
  { read }: ContextSources,
  { duplicateOfLeadId }: LeadCommands['MarkLeadDuplicate'],
): Promise<boolean> => {
  if (duplicateOfLeadId === undefined || duplicateOfLeadId === null) return true;
  return (await read('lead', duplicateOfLeadId)).key !== null;
};

/** Where the existing customer of a conversion has gone; null: he is there, or nobody has registered him yet. */
const goneTo = async (
  { lookups }: ContextSources,
  { existingCustomerId }: LeadCommands['RequestConversion'],
): Promise<LeadContext['gone']> => {
  if (existingCustomerId === undefined || existingCustomerId === null) return null;
  const party = await readParty(lookups, existingCustomerId);
  return party === null || party.standing === 'present' ? null : { survivorId: party.survivorId };
};
