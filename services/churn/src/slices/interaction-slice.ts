// What churn asks of surveys. Nobody writes the source `interaction` yet: the slice is fed by specifications alone.
import { dateAt } from '@tenure/core';
import type { InteractionEvents } from '@tenure/events/generated/interaction';
import { slice, type Slice } from '@tenure/projections';
import { newerFact, type Fact } from './facts.ts';

export type InteractionSlice = {
  /** The newest answer to "would you recommend us", 0–10. */
  readonly nps: (Fact & { readonly score: number }) | null;
};

export const noInteractions: InteractionSlice = { nps: null };

/** The slice of source `interaction`. */
export const interactionSlice = (zone: string): Slice<InteractionSlice> =>
  slice<InteractionSlice, InteractionEvents>({
    init: () => noInteractions,
    on: {
      SurveyResponded(state, { id: eventId, occurredAt, data: { instrument, answers } }) {
        const score = answers[0]?.score;
        if (instrument !== 'NPS' || score === undefined) return state;
        const fact = { eventId, on: dateAt(occurredAt, zone), score };
        return newerFact(state.nps, fact) === fact ? { ...state, nps: fact } : state;
      },
    },
  });
