// What the stores hold, read back for the invariants.
import type { StoredEvent } from '@tenure/event-store';
import type { Codec, DecodedEvent } from '@tenure/events';
import type { CounterEvents, Fed, Reminded } from '../counter.ts';
import type { Durable } from '../durable.ts';

export class Violation extends Error {}

export const holds = (condition: boolean, invariant: string, detail: string): void => {
  if (!condition) throw new Violation(`${invariant}: ${detail}`);
};

export const MANY = 100_000;

/** A fact, with the bytes it was stored as. */
export type Stored = DecodedEvent & { readonly body: Uint8Array };

export const storedIn = async (
  { store }: Durable,
  source: string,
  codec: Codec,
): Promise<readonly Stored[]> =>
  (await store(source).readAll(0, MANY)).map((stored: StoredEvent) => ({
    ...codec.decode(source, stored),
    body: stored.body,
  }));

export type FedEvent = Stored & { readonly data: Fed };

/** Numbers that went into a counter. */
export const isFed = (event: Stored): event is FedEvent =>
  event.type === ('CounterStarted' satisfies keyof CounterEvents) ||
  event.type === ('CounterFed' satisfies keyof CounterEvents);

export const isNoted = (event: Stored): event is FedEvent => event.type === 'TallyNoted';

export const isReminded = (event: Stored): event is Stored & { readonly data: Reminded } =>
  event.type === ('CounterReminded' satisfies keyof CounterEvents);

export const isDayEnded = ({ type }: Stored): boolean =>
  type === ('CounterDayEnded' satisfies keyof CounterEvents);

/** In the order of the first of each group. */
export const groupBy = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
};
