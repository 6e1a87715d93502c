// What follows from counters by reaction: a tally per customer, in which every third number is noted, and every fifth
// twice. Its order is that of the events that cause it.
import { NOTHING, uuid5, type Aggregate } from '@tenure/core';
import { modelOf, type AggregateSpec, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import { z } from 'zod';
import { mixed, SOURCE, START, type Fed } from './counter.ts';

type TallyState = { readonly status: string; readonly trace: number };
type TallyEvents = { readonly TallyNoted: Fed };
type Tally = {
  readonly state: TallyState;
  readonly events: TallyEvents;
  readonly facts: TallyEvents;
  readonly commands: { readonly NoteTally: { readonly x: number } };
  readonly context: object;
};

const tally: Aggregate<Tally> = {
  name: 'tally',
  initial: { status: NOTHING, trace: START },
  transitions: { NoteTally: [NOTHING, 'Open'] },
  decide: { NoteTally: ({ trace }, { x }) => [{ type: 'TallyNoted', data: { x, trace: mixed(trace, x) } }] },
  evolve: { TallyNoted: (state, { data }) => ({ status: 'Open', trace: mixed(state.trace, data.x) }) },
};

export const tallySpec: AggregateSpec = {
  model: modelOf(tally),
  plural: 'tallies',
  idField: 'tallyId',
  creates: 'NoteTally',
  customer: 'body',
  internal: ['NoteTally'],
  commands: { NoteTally: { body: z.strictObject({ x: z.int() }) } },
  view: { schema: z.object({ trace: z.int() }), of: (state) => ({ trace: (state as TallyState).trace }) },
};

/** What is noted of a number, in this order. */
export const notesOf = (x: number): readonly number[] => [
  ...(x % 3 === 0 ? [x] : []),
  ...(x % 5 === 0 ? [x, x + 1] : []),
];

export const tallyReaction: Reaction = {
  name: 'CounterToTally',
  on: { [SOURCE]: ['CounterStarted', 'CounterFed'] },
  react: ({ key, data }) =>
    notesOf((data as Fed).x).map((x): IssuedCommand => ({
      aggregate: tally.name,
      id: uuid5(key, 'tally'),
      customerId: key,
      command: 'NoteTally',
      body: { x },
    })),
};
