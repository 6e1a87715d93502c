// Where whoever acts on the log goes on after a start: not before the log holds what was acted on.
import { logReaches, type EventLog, type Pause } from '@tenure/event-log';
import type { LaneDone, ReactionCheckpoints } from './checkpoints.ts';

export type WaitDeps = {
  readonly log: Pick<EventLog, 'read' | 'head' | 'headPosition' | 'partitions'>;
  readonly checkpoints: ReactionCheckpoints;
  readonly pause: Pause;
};

/**
 * After a power cut the log is behind what was reacted to until the relay has sent the rest again. Where it stays behind
 * (it was restored from a backup) the reactions go on from its end: what comes in those places is new.
 */
export const waitForLog = async (
  { log, checkpoints, pause }: WaitDeps,
  topics: readonly string[],
): Promise<void> => {
  const places: LaneDone[] = [];
  for (const source of topics)
    for (let partition = 0; partition < log.partitions; partition++)
      places.push({ source, partition, seq: await checkpoints.seq({ source, partition }), position: 0 });
  const wanted = places.map(({ source, partition, seq }) => ({ source, partition, seq }));
  if (await logReaches(log, wanted, pause, new AbortController().signal)) return;
  const lanes: LaneDone[] = [];
  for (const place of places) {
    const seq = await log.head(place);
    if (seq < place.seq) lanes.push({ ...place, seq, position: await log.headPosition(place) });
  }
  await checkpoints.save({ lanes, parked: [], released: [] });
};
