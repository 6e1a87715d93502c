// Commands of people and processes: each has its effect once, in one piece, where it was acknowledged.
import { evolve, NOTHING, type EventMap, type EventOf } from '@tenure/core';
import { groupBy, holds, type Stored } from '../../invariants/facts.ts';
import type { Answered } from '../world.ts';
import { services } from '../platform.ts';
import type { Facts } from './facts.ts';

export const checkStreams = ({ bySource, streams }: Facts): void => {
  for (const [source, events] of bySource) {
    let position = 0;
    for (const event of events) {
      holds(event.position > position, 'positions grow', `${source}: ${event.position} after ${position}`);
      ({ position } = event);
    }
  }
  for (const [stream, events] of streams)
    for (const [i, { revision }] of events.entries())
      holds(revision === i, 'revisions without gaps', `${stream}: ${revision}, not ${i}`);
};

export const checkCommands = ({ streams }: Facts, answered: readonly Answered[]): void => {
  const events = [...streams.values()].flat();
  holds(
    new Set(events.map(({ id }) => id)).size === events.length,
    'no event applied twice',
    `${events.length}`,
  );
  const byCommand = groupBy(events, ({ meta }) => meta.commandId);
  for (const [commandId, own] of byCommand)
    for (const [i, { stream, revision }] of own.entries())
      holds(
        stream === own[0]?.stream && revision === (own[0]?.revision ?? 0) + i,
        'a command has its effect once, in one piece',
        `${commandId}: ${own.map((event) => `${event.stream}@${event.revision} ${event.type}`).join(', ')}`,
      );
  // Of two copies one may be refused and the other come when it is legal: the second is as good as a new attempt.
  const done = new Set(answered.flatMap(({ refused, commandIds }) => (refused === null ? commandIds : [])));
  for (const answer of answered)
    if (answer.refused === null || !answer.commandIds.some((id) => done.has(id)))
      checkAnswer(
        answer,
        answer.commandIds.flatMap((id) => byCommand.get(id) ?? []),
      );
};

const checkAnswer = (
  { commandIds, stream, source, revision, position, refused }: Answered,
  own: readonly Stored[],
): void => {
  if (refused !== null) {
    holds(own.length === 0, 'what was refused has not happened', `${commandIds[0]}: ${refused}`);
    return;
  }
  if (position === null) return; // it was so already
  const last = own.at(-1);
  holds(
    last?.stream === stream &&
      last?.source === source &&
      last?.position === position &&
      last?.revision === revision,
    'every acknowledged command is in the log',
    `${commandIds[0]}: ${stream}@${revision} at ${position}, stored ${last?.stream}@${last?.revision} at ${last?.position}`,
  );
};

/** By aggregate, in the order of DOMAIN. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  customer: ['Bare', 'Registered', 'ErasurePending', 'Absorbed', 'Erased'],
  match: ['Proposed', 'Approved', 'Rejected'],
  lead: ['New', 'Assigned', 'Working', 'Nurturing', 'Qualified', 'Converting', 'Converted', 'Disqualified'],
  opportunity: ['Open', 'Won', 'Lost', 'Abandoned'],
  order: [
    'Placed',
    'OnHold',
    'Confirmed',
    'PartiallyFulfilled',
    'Fulfilled',
    'Closed',
    'Cancelled',
    'Rejected',
  ],
  return: ['Requested', 'Approved', 'Received', 'Refunded', 'Rejected'],
  case: ['New', 'Assigned', 'InProgress', 'PendingCustomer', 'Resolved', 'Closed'],
  complaint: [
    ...['Registered', 'Acknowledged', 'Investigating', 'RemedyOffered', 'Settled', 'Rejected'],
    'EscalatedExternally',
  ],
  loyaltyprogram: ['Draft', 'Live', 'Ended'],
  loyaltyaccount: ['Active', 'Suspended', 'Closed'],
  retentioncase: ['Opened', 'Offered', 'Saved', 'Lost', 'FalseAlarm'],
  risk: ['Tracked', 'Churned'],
};

/** The state of an aggregate as its events make it up. */
export type Standing = { readonly status: string };

export const stateOf = (facts: Facts, stream: string): Standing => {
  const name = stream.slice(0, stream.indexOf('-'));
  const spec = services.flatMap(({ aggregates }) => aggregates).find(({ model }) => model.name === name);
  if (spec === undefined) throw new TypeError(`no service has the aggregate ${name}`);
  const { model } = spec;
  return evolve(
    model,
    model.initial,
    (facts.streams.get(stream) ?? []) as readonly unknown[] as EventOf<EventMap>[],
  );
};

export const checkStates = (facts: Facts): void => {
  for (const stream of facts.streams.keys()) {
    const name = stream.slice(0, stream.indexOf('-'));
    if (name === 'businessday') continue;
    const { status } = stateOf(facts, stream);
    holds(
      status === NOTHING ? false : (STATES[name]?.includes(status) ?? false),
      'only states that the domain knows',
      `${stream} is ${status}`,
    );
  }
};
