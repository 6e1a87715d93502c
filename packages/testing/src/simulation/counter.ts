// The aggregate of the simulation: a counter whose state depends on the order of its events. What is lost, repeated or
// swapped shows.
import { dateAt, idOfStream, NOTHING, type Aggregate } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import { modelOf, type AggregateSpec, type DeadlineChange, type Deadlines } from '@tenure/service-kit';
import { z } from 'zod';
import { HOUR_MS } from './time.ts';

export const SOURCE = 'counter';

const PRIME = 1_000_003;

/** Swapping, losing or repeating an event changes everything that follows. */
export const mixed = (state: number, x: number): number => (state * 3 + x) % PRIME;
export const START = 1;

/** `trace`: what the decider saw, with this event in it: a decision on stale state shows in the event. */
export type Fed = { readonly x: number; readonly trace: number };
/** `of`: the revision of the event that asked for it. */
export type Reminded = { readonly of: number };

export type CounterEvents = {
  readonly CounterStarted: Fed;
  readonly CounterFed: Fed;
  readonly CounterReminded: Reminded;
  readonly CounterDayEnded: object;
};
type CounterState = { readonly status: string; readonly trace: number };
type Counter = {
  readonly state: CounterState;
  readonly events: CounterEvents;
  readonly facts: CounterEvents;
  readonly commands: {
    readonly StartCounter: { readonly x: number };
    readonly FeedCounter: { readonly x: number };
    readonly RemindCounter: Reminded;
    readonly EndCounterDay: object;
  };
  readonly context: object;
};

// Nothing here refuses a second reminder or a second end of the day: only the ids of the commands keep them apart.
const counter: Aggregate<Counter> = {
  name: 'counter',
  initial: { status: NOTHING, trace: START },
  transitions: {
    StartCounter: [NOTHING],
    FeedCounter: ['Started'],
    RemindCounter: ['Started'],
    EndCounterDay: ['Started'],
  },
  decide: {
    StartCounter: ({ trace }, { x }) => [{ type: 'CounterStarted', data: { x, trace: mixed(trace, x) } }],
    FeedCounter: ({ trace }, { x }) => [{ type: 'CounterFed', data: { x, trace: mixed(trace, x) } }],
    RemindCounter: (_, { of }) => [{ type: 'CounterReminded', data: { of } }],
    EndCounterDay: () => [{ type: 'CounterDayEnded', data: {} }],
  },
  evolve: {
    CounterStarted: (state, { data }) => ({ status: 'Started', trace: mixed(state.trace, data.x) }),
    CounterFed: (state, { data }) => ({ ...state, trace: mixed(state.trace, data.x) }),
    CounterReminded: (state) => state,
    CounterDayEnded: (state) => state,
  },
};

const fed = z.strictObject({ x: z.int() });

export const counterSpec: AggregateSpec = {
  model: modelOf(counter),
  plural: 'counters',
  idField: 'counterId',
  creates: 'StartCounter',
  customer: 'body',
  internal: ['RemindCounter', 'EndCounterDay'],
  commands: {
    StartCounter: { body: fed },
    FeedCounter: { body: fed },
    RemindCounter: { body: z.strictObject({ of: z.int() }) },
    EndCounterDay: { body: z.strictObject({}) },
  },
  view: {
    schema: z.object({ trace: z.int() }),
    of: (state) => ({ trace: (state as CounterState).trace }),
  },
};

/** A reminder falls due so long after the event that asks for it. */
export const REMIND_AFTER_MS = 20 * HOUR_MS;
/** Which numbers ask for a further reminder, and which call off the one that came with the start. */
export const asksAgain = (x: number): boolean => x % 4 === 0;
export const callsOff = (x: number): boolean => x % 7 === 0;

const remindKey = (stream: string, of: number): string => `remind-${of}-${stream}`;

const commandOf = ({ stream, key }: DecodedEvent, command: string, body: object) => ({
  aggregate: counter.name,
  id: idOfStream(stream),
  customerId: key,
  command,
  body,
});

const remind = (event: DecodedEvent): DeadlineChange => ({
  set: remindKey(event.stream, event.revision),
  at: event.occurredAt + REMIND_AFTER_MS,
  command: commandOf(event, 'RemindCounter', { of: event.revision }),
});

export const counterDeadlines: Deadlines = {
  on: {
    CounterStarted: (event, { zone }) => [
      remind(event),
      {
        set: `day-${event.stream}`,
        day: dateAt(event.occurredAt, zone),
        command: commandOf(event, 'EndCounterDay', {}),
      },
    ],
    CounterFed(event) {
      const { x } = event.data as Fed;
      return [
        ...(asksAgain(x) ? [remind(event)] : []),
        ...(callsOff(x) ? [{ clear: remindKey(event.stream, 0) }] : []),
      ];
    },
    CounterReminded: ({ stream, data }) => [{ clear: remindKey(stream, (data as Reminded).of) }],
    CounterDayEnded: ({ stream }) => [{ clear: `day-${stream}` }],
  },
};
