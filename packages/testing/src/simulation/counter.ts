// The service of the simulation: a counter whose state depends on the order of its events, and a projection that folds
// them the same way. What is lost, repeated or swapped shows.
import { NOTHING, type Aggregate } from '@tenure/core';
import { column, projection, slice, type ProjectionDefinition } from '@tenure/projections';
import { defineService, modelOf, type ServiceDefinition } from '@tenure/service-kit';
import { z } from 'zod';

export const SOURCE = 'counter';
export const PROJECTION = 'counters';
/** An event with this number cannot be folded by the projection: its customer is parked. */
export const POISON = 666;

const PRIME = 1_000_003;

/** Swapping, losing or repeating an event changes everything that follows. */
export const mixed = (state: number, x: number): number => (state * 3 + x) % PRIME;
export const START = 1;

type CounterState = { readonly status: string; readonly trace: number; readonly fed: number };
/** `trace`: what the decider saw, with this event in it: a decision on stale state shows in the event. */
type CounterEvents = {
  readonly CounterStarted: { readonly x: number; readonly trace: number };
  readonly CounterFed: { readonly x: number; readonly trace: number };
};
type Counter = {
  readonly state: CounterState;
  readonly events: CounterEvents;
  readonly facts: CounterEvents;
  readonly commands: {
    readonly StartCounter: { readonly x: number };
    readonly FeedCounter: { readonly x: number };
  };
  readonly context: object;
};

const counter: Aggregate<Counter> = {
  name: 'counter',
  initial: { status: NOTHING, trace: START, fed: 0 },
  transitions: { StartCounter: [NOTHING], FeedCounter: ['Started'] },
  decide: {
    StartCounter: ({ trace }, { x }) => [{ type: 'CounterStarted', data: { x, trace: mixed(trace, x) } }],
    FeedCounter: ({ trace }, { x }) => [{ type: 'CounterFed', data: { x, trace: mixed(trace, x) } }],
  },
  evolve: {
    CounterStarted: (state, { data }) => ({ status: 'Started', trace: mixed(state.trace, data.x), fed: 1 }),
    CounterFed: (state, { data }) => ({ ...state, trace: mixed(state.trace, data.x), fed: state.fed + 1 }),
  },
};

const body = z.strictObject({ x: z.int() });

export const counterService: ServiceDefinition = defineService({
  name: SOURCE,
  aggregates: [
    {
      model: modelOf(counter),
      plural: 'counters',
      idField: 'counterId',
      creates: 'StartCounter',
      customer: 'body',
      commands: { StartCounter: { body }, FeedCounter: { body } },
      view: {
        schema: z.object({ trace: z.int() }),
        of: (state) => ({ trace: (state as CounterState).trace }),
      },
      list: { name: 'counters-list', version: 1, slices: {}, columns: [] },
    },
  ],
});

/** Per customer, over all of its counters, in position order. */
export type Folded = { readonly trace: number; readonly count: number };

export const foldOne = (folded: Folded, x: number): Folded => ({
  trace: mixed(folded.trace, x),
  count: folded.count + 1,
});

const fold = (state: Folded, { data }: { readonly data: { readonly x: number } }): Folded => {
  if (data.x === POISON) throw new RangeError('an event that cannot be folded');
  return foldOne(state, data.x);
};

export const counters: ProjectionDefinition = projection({
  name: PROJECTION,
  version: 1,
  slices: {
    [SOURCE]: slice<Folded, CounterEvents>({
      init: () => ({ trace: START, count: 0 }),
      on: { CounterStarted: fold, CounterFed: fold },
    }),
  },
  columns: [
    column('trace', 'integer', ({ slices }) => (slices[SOURCE] as Folded).trace, { en: 'Trace', zh: '轨迹' }),
  ],
});
