// Customers whose reactions stand still. In memory, beside the rows that the checkpoints keep.
import { isTenureError } from '@tenure/core';
import type { ParkedReaction } from './checkpoints.ts';

export interface Parking {
  readonly rows: () => readonly ParkedReaction[];
  has(key: string): boolean;
  get(key: string): ParkedReaction | undefined;
  /** A reaction of this customer failed for good. */
  park(key: string, at: Place, error: unknown, now: number): void;
  /** An event of a parked customer: it waits. */
  wait(key: string, at: Place): void;
  release(key: string): void;
  /** Rows that changed since the last `changes` that was saved. */
  changes(): ParkingChanges;
  /** They could not be saved: the next `changes` has them again. */
  unsaved(changes: ParkingChanges): void;
}

export type ParkingChanges = {
  readonly parked: readonly ParkedReaction[];
  readonly released: readonly string[];
};

export type Place = { readonly source: string; readonly position: number };

export const createParking = (service: string, kept: readonly ParkedReaction[]): Parking => {
  const rows = new Map(kept.map((row) => [row.key, row]));
  const touched = new Set<string>();
  const put = (row: ParkedReaction): void => {
    rows.set(row.key, row);
    touched.add(row.key);
  };
  return {
    rows: () => [...rows.values()],
    has: (key) => rows.has(key),
    get: (key) => rows.get(key),
    park(key, at, error, now) {
      const before = rows.get(key);
      const { class: kind, message } = describe(error);
      put({
        service,
        key,
        class: kind,
        message,
        from: firsts(before?.from ?? {}, at),
        to: lasts(before?.to ?? {}, at),
        events: (before?.events ?? 0) + (before === undefined ? 1 : 0),
        attempts: (before?.attempts ?? 0) + 1,
        since: before?.since ?? now,
      });
    },
    wait(key, at) {
      const before = rows.get(key);
      if (before === undefined) return;
      const to = lasts(before.to ?? {}, at);
      put({ ...before, from: firsts(before.from, at), to, events: before.events + 1 });
    },
    release(key) {
      rows.delete(key);
      touched.add(key);
    },
    changes() {
      const keys = [...touched];
      touched.clear();
      return {
        parked: keys.flatMap((key) => rows.get(key) ?? []),
        released: keys.filter((key) => !rows.has(key)),
      };
    },
    unsaved({ parked, released }) {
      for (const { key } of parked) touched.add(key);
      for (const key of released) touched.add(key);
    },
  };
};

const firsts = (from: ParkedReaction['from'], { source, position }: Place): ParkedReaction['from'] => ({
  ...from,
  [source]: Math.min(from[source] ?? position, position),
});

const lasts = (to: ParkedReaction['from'], { source, position }: Place): ParkedReaction['from'] => ({
  ...to,
  [source]: Math.max(to[source] ?? position, position),
});

// Only our own errors are known to hold nothing personal; one that crossed a thread as INTERNAL was none of ours.
const describe = (error: unknown): { readonly class: string; readonly message: string } =>
  isTenureError(error) && error.code !== 'INTERNAL'
    ? { class: error.code, message: error.message }
    : { class: 'INTERNAL', message: error instanceof Error ? error.name : 'unknown' };
