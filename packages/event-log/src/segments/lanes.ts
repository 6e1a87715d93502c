// All lanes of a log in a folder: those that have files, and those that get some at their first record.
import { existsSync, readdirSync } from 'node:fs';
import { TenureError } from '@tenure/core';
import type { Lane } from '../event-log.ts';
import { SOURCE_NAME } from '../lanes.ts';
import { readCheckpoint } from './checkpoints.ts';
import { corrupt, laneFolder } from './format.ts';
import { cutTail, discover, endOfLane, laneFiles, type LaneFiles } from './lane-files.ts';
import type { SegmentReader } from './reader.ts';
import { recent, type Recent } from './recent.ts';

export type LaneEntry = { readonly files: LaneFiles; readonly recent: Recent };

export type Lanes = {
  get(lane: Lane): LaneEntry;
  all(): IterableIterator<LaneEntry>;
  /** Finds what is new on the disk. `cut`: torn tails are cut, as only the one writer may. @throws CORRUPT */
  discover(cut: boolean): void;
  /** Positions that the relays' checkpoints vouch for. */
  recovered(): ReadonlyMap<string, number>;
};

export const lanesIn = (dir: string, partitions: number, reader: SegmentReader): Lanes => {
  const lanes = new Map<string, LaneEntry>();
  const get = (lane: Lane): LaneEntry => {
    const name = laneFolder(lane);
    let entry = lanes.get(name);
    if (entry === undefined) lanes.set(name, (entry = { files: laneFiles(dir, lane), recent: recent() }));
    return entry;
  };
  const ends = (source: string): readonly number[] =>
    Array.from({ length: partitions }, (_, partition) => endOfLane(get({ source, partition }).files).seq);

  return {
    get,
    all: () => lanes.values(),
    discover(cut) {
      for (const source of sourcesIn(dir)) {
        const flushed = readCheckpoint(dir, source)?.heads ?? [];
        for (let partition = 0; partition < partitions; partition++) {
          const { files } = get({ source, partition });
          const breach = discover(files, reader);
          if (breach === null) continue;
          if (cut) cutTail(files, breach, flushed[partition] ?? 0);
          else if (breach.why === 'broken')
            throw corrupt(files.lane, breach.segment.file, 'Bytes that are no block');
        }
      }
    },
    recovered() {
      const positions = new Map<string, number>();
      for (const source of sourcesIn(dir)) {
        const checkpoint = readCheckpoint(dir, source);
        if (checkpoint === null) continue;
        // A lane that is shorter than it was has lost records: the relay must bring them before anybody relies on it.
        const heads = ends(source);
        if (heads.every((head, partition) => head >= (checkpoint.heads[partition] ?? 0)))
          positions.set(source, checkpoint.position);
      }
      return positions;
    },
  };
};

const sourcesIn = (dir: string): readonly string[] => {
  if (!existsSync(dir))
    throw new TenureError('NOT_FOUND', 'There is no log in this folder.', { folder: dir });
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && SOURCE_NAME.test(entry.name))
    .map((entry) => entry.name);
};
