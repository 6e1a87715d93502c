// The projection of the simulation: per customer, what all counters were fed, in position order, and whether it is idle.
import { addDays, dateAt, startOfDate } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import { column, projection, slice, type ProjectionDefinition, type Today } from '@tenure/projections';
import { mixed, SOURCE, START, type CounterEvents, type Fed } from './counter.ts';
import { ZONE } from './time.ts';

export const PROJECTION = 'counters';
/** An event with this number cannot be folded: its customer is parked. */
export const POISON = 666;
/** A customer is idle when nothing was fed for so many days. */
const IDLE_DAYS = 2;

export type Folded = { readonly trace: number; readonly count: number; readonly lastOn: string };
export const NOT_FED: Folded = { trace: START, count: 0, lastOn: '' };

export const foldOne = (folded: Folded, x: number, occurredAt: number): Folded => {
  const on = dateAt(occurredAt, ZONE);
  return {
    trace: mixed(folded.trace, x),
    count: folded.count + 1,
    lastOn: on > folded.lastOn ? on : folded.lastOn,
  };
};

const idleOn = ({ lastOn }: Folded): string => addDays(lastOn, IDLE_DAYS);

export const summaryOf = (folded: Folded, { date }: Pick<Today, 'date'>) => ({
  idle: date >= idleOn(folded),
});

const fold = (state: Folded, { data, occurredAt }: DecodedEvent): Folded => {
  const { x } = data as Fed;
  if (x === POISON) throw new RangeError('an event that cannot be folded');
  return foldOne(state, x, occurredAt);
};

export const counters: ProjectionDefinition = projection({
  name: PROJECTION,
  version: 1,
  slices: {
    [SOURCE]: slice<Folded, CounterEvents>({
      init: () => NOT_FED,
      on: { CounterStarted: fold, CounterFed: fold },
    }),
  },
  summarise: (slices, today) => summaryOf(slices[SOURCE] as Folded, today),
  wakeAt({ slices }, today) {
    const on = idleOn(slices[SOURCE] as Folded);
    return today.date < on ? startOfDate(addDays(on, 1), today.zone) : null;
  },
  columns: [
    column('trace', 'integer', ({ slices }) => (slices[SOURCE] as Folded).trace, { en: 'Trace', zh: '轨迹' }),
  ],
});
