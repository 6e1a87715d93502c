// Store events → records of lanes, with contiguous seqs.
import type { StoredEvent } from '@tenure/event-store';
import type { LaneEnd } from '../admission.ts';
import type { LogRecord } from '../event-log.ts';
import { partitionOf } from '../partition.ts';

/** The new records of each lane that gets some, by partition. */
export type Stamped = ReadonlyMap<number, readonly LogRecord[]>;

export type Stamp = (events: readonly StoredEvent[]) => Stamped;

/**
 * Stamps on from the ends of the lanes. What a lane already has (its position is passed) gets no new seq: so a suffix
 * that is sent again after a crash changes nothing. `broadcast`: every event goes to every lane.
 */
export const stamping = (ends: readonly LaneEnd[], broadcast: boolean): Stamp => {
  const next = ends.map(({ seq, position }) => ({ seq: seq + 1, position }));
  const everywhere = ends.map((_, partition) => partition);
  return (events) => {
    const stamped = new Map<number, LogRecord[]>();
    const add = (partition: number, event: StoredEvent): void => {
      const lane = next[partition];
      if (lane === undefined || event.position <= lane.position) return;
      const { position, stream, revision, key, body } = event;
      const record = { position, stream, revision, key, body, seq: lane.seq++ };
      lane.position = position;
      const records = stamped.get(partition);
      if (records === undefined) stamped.set(partition, [record]);
      else records.push(record);
    };
    for (const event of events) {
      if (broadcast) for (const partition of everywhere) add(partition, event);
      else add(partitionOf(event.key, ends.length), event);
    }
    return stamped;
  };
};
