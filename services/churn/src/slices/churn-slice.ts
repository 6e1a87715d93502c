// What was published of the customer, as the log tells it.
import type { ChurnEvents } from '@tenure/events/generated/churn';
import { slice, type Slice } from '@tenure/projections';
import { nothingPublished, told, type Published } from '../published.ts';

type Handler<T extends keyof ChurnEvents> = (
  state: Published,
  event: { readonly id: string; readonly occurredAt: number; readonly data: ChurnEvents[T] },
) => Published;

/** Where customers are merged, only what was published of the survivor counts. */
const own =
  <T extends keyof ChurnEvents>(handler: Handler<T>) =>
  (state: Published, event: Parameters<Handler<T>>[1] & { readonly key: string }, self: string): Published =>
    event.key === self ? handler(state, event) : state;

/** The slice of source `churn`. */
export const churnSlice: Slice<Published> = slice<Published, ChurnEvents>({
  init: () => nothingPublished,
  on: {
    ChurnSignalRaised: own<'ChurnSignalRaised'>(told.ChurnSignalRaised),
    ChurnSignalCleared: own<'ChurnSignalCleared'>(told.ChurnSignalCleared),
    ChurnRiskChanged: own<'ChurnRiskChanged'>(told.ChurnRiskChanged),
    CustomerChurned: own<'CustomerChurned'>(told.CustomerChurned),
    CustomerReactivated: own<'CustomerReactivated'>(told.CustomerReactivated),
  },
});
