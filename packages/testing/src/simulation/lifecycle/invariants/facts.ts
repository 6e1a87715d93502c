// Everything that has happened in a schedule, as the invariants read it.
import type { DecodedEvent } from '@tenure/events';
import type { ChurnEvents } from '@tenure/events/generated/churn';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import type { LeadEvents } from '@tenure/events/generated/lead';
import type { LoyaltyEvents } from '@tenure/events/generated/loyalty';
import type { OpportunityEvents } from '@tenure/events/generated/opportunity';
import type { OrderEvents } from '@tenure/events/generated/order';
import type { ServiceEvents } from '@tenure/events/generated/service';
import { placeOf, type Durable } from '../../durable.ts';
import { groupBy, storedIn, type Stored } from '../../invariants/facts.ts';
import { codec } from '../platform.ts';

type Events = CustomerEvents &
  LeadEvents &
  OpportunityEvents &
  OrderEvents &
  ServiceEvents &
  LoyaltyEvents &
  ChurnEvents;
type Types = Exclude<keyof Events, number | symbol>;
export type Happened<T extends Types> = DecodedEvent<T, Events[T]>;

export type Facts = {
  readonly bySource: ReadonlyMap<string, readonly Stored[]>;
  /** By stream, in order of revision. */
  readonly streams: ReadonlyMap<string, readonly Stored[]>;
  of<T extends Types>(type: T): readonly Happened<T>[];
  /** When an event was stored, among all of all sources. */
  place(event: DecodedEvent): number;
};

/** Reads all stores. */
export const factsOf = async (durable: Durable): Promise<Facts> => {
  const bySource = new Map<string, readonly Stored[]>();
  for (const source of durable.sources) bySource.set(source, await storedIn(durable, source, codec));
  const all = [...bySource.values()].flat();
  const byType = groupBy(all, ({ type }) => type);
  // A repeated append stands there again, later.
  const places = new Map<string, number>();
  for (const [i, place] of durable.order.entries()) if (!places.has(place)) places.set(place, i);
  const storedAt = (source: string, position: number): number => places.get(placeOf(source, position)) ?? -1;
  return {
    bySource,
    streams: groupBy(all, ({ stream }) => stream),
    of: <T extends Types>(type: T) => (byType.get(type) ?? []) as unknown as readonly Happened<T>[],
    // One append is one place: that of its last event.
    place({ source, position }) {
      for (let last = position; last < position + MOST_PER_APPEND; last++)
        if (storedAt(source, last) >= 0) return storedAt(source, last);
      return -1;
    },
  };
};

const MOST_PER_APPEND = 50;
