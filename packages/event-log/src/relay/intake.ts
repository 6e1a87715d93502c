// Follows the store and hands what it brings to the lanes, as far as there is room.
import { TenureError } from '@tenure/core';
import type { EventStore, StoredEvent } from '@tenure/event-store';
import type { Pause } from '../pause.ts';
import type { RelayLanes } from './lanes.ts';
import { untilDone, type Trouble } from './retrying.ts';
import type { Stamp } from './stamp.ts';
import type { LowWatermark, Place } from './watermark.ts';

export type Intake = {
  /** How far the store was read. */
  place(): Place;
  trouble(): Trouble | null;
  /** Ends when stopped. @throws what no retry can mend, RELAY_FENCED above all. */
  run(): Promise<void>;
};

export const intake = (options: {
  readonly store: Pick<EventStore, 'follow'>;
  readonly start: Place;
  readonly stamp: Stamp;
  readonly lanes: RelayLanes;
  readonly watermark: LowWatermark;
  /** @throws RELAY_FENCED when another relay has taken over. */
  readonly checkFence: () => Promise<void>;
  readonly pause: Pause;
  readonly stopped: AbortSignal;
}): Intake => {
  const { store, stamp, lanes, watermark, checkFence, pause, stopped } = options;
  let place = options.start;
  let trouble: Trouble | null = null;

  const accept = async (events: readonly StoredEvent[]): Promise<void> => {
    const last = events.at(-1);
    if (last === undefined) return;
    await lanes.room();
    await checkFence();
    const stamped = stamp(events);
    place = { position: last.position, events: place.events + events.length };
    const done = watermark.open(place, stamped.size);
    for (const [partition, records] of stamped) lanes.send(partition, records, done);
  };
  const follow = async (): Promise<void> => {
    for await (const events of store.follow(place.position, stopped)) {
      trouble = null;
      await accept(events);
      if (stopped.aborted) return;
    }
    if (!stopped.aborted)
      throw new TenureError('UNAVAILABLE', 'The event store ended its stream.', {}, { retriable: true });
  };
  const tell = (next: Trouble | null): void => {
    trouble = next;
  };
  return {
    place: () => place,
    trouble: () => trouble,
    run: () => untilDone(follow, { pause, stopped, tell }),
  };
};
