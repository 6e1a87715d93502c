// Where a relay begins: the checkpoint is only a hint, the lanes know what they have.
import { TenureError } from '@tenure/core';
import type { EventStore } from '@tenure/event-store';
import type { LaneEnd } from '../admission.ts';
import type { EventLog } from '../event-log.ts';
import { lanesOf } from '../lanes.ts';
import type { RelayCheckpoint } from './checkpoints.ts';
import type { Place } from './watermark.ts';

export type Start = { readonly place: Place; readonly ends: readonly LaneEnd[] };

const BEGINNING: Place = { position: 0, events: 0 };

/**
 * The place after which the store is read, and the ends of the lanes, from which seqs go on. A lane that is shorter than
 * its checkpoint says has lost records: everything is read again, and the lanes drop what they have.
 * @throws LOG_AHEAD when the log has events that the store does not have (it was restored from an older backup).
 */
export const startOf = async (
  source: string,
  store: Pick<EventStore, 'head'>,
  log: EventLog,
  checkpoint: RelayCheckpoint | null,
): Promise<Start> => {
  const ends = await Promise.all(
    lanesOf([source], log.partitions).map(async (lane) => ({
      seq: await log.head(lane),
      position: await log.headPosition(lane),
    })),
  );
  const head = await store.head();
  const logHead = Math.max(...ends.map((end) => end.position));
  if (logHead > head.position) throw ahead(source, logHead, head.position);
  const trusted =
    checkpoint !== null &&
    checkpoint.position <= head.position &&
    ends.every((end, partition) => end.seq >= (checkpoint.heads[partition] ?? 0));
  return { place: trusted ? { position: checkpoint.position, events: checkpoint.events } : BEGINNING, ends };
};

const ahead = (source: string, log: number, store: number): TenureError =>
  new TenureError(
    'LOG_AHEAD',
    'The log holds events that the store does not have: one of them was restored from an older backup. Move the folder of this source in the log away; the relay fills it again from the store, and the projections must be rebuilt.',
    { source, logPosition: log, storePosition: store },
  );
