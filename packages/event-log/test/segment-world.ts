// Segment files as a crash leaves them: a killed process leaves what was written, a power cut perhaps only what was flushed.
import { cpSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '../src/event-log.ts';
import { openSegments, segmentCheckpoints } from '../src/segments/index.ts';
import { tempFolder } from './adapters.ts';
import type { World } from './relay-world.ts';

/** Segment files below a folder, with their sizes. */
export const segmentSizes = (dir: string): ReadonlyMap<string, number> =>
  new Map(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.seg'))
      .map((name) => [name, statSync(join(dir, name)).size]),
  );

export type SegmentWorld = World & { readonly remove: () => void };

/** `keep`: which part (0 to 1) of the bytes that no flush had reached survives the next crash. */
export const segmentWorld = (partitions: number, keep: () => number): SegmentWorld => {
  const root = tempFolder();
  let life = 0;
  let flushed: ReadonlyMap<string, number> = new Map();
  const dir = (): string => join(root.dir, String(life));
  return {
    remove: root.remove,
    checkpoints: () => segmentCheckpoints(dir()),
    async open() {
      const log = await openSegments({
        dir: dir(),
        partitions,
        segmentBytes: 1024,
        flushTimer: () => new Promise(() => {}),
      });
      const flush = async (): Promise<void> => {
        const sizes = segmentSizes(dir());
        await log.flush();
        flushed = sizes;
      };
      return { ...log, flush };
    },
    async crash(log: EventLog) {
      const before = dir();
      life++;
      cpSync(before, dir(), { recursive: true }); // without the courtesy of a close
      await log.close();
      for (const [name, size] of segmentSizes(dir())) {
        const safe = Math.min(size, flushed.get(name) ?? 0);
        truncateSync(join(dir(), name), safe + Math.floor((size - safe) * keep()));
      }
    },
  };
};
