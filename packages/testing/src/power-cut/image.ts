// What may be found on the disk after the power was cut now.
import { dirname } from 'node:path';
import type { Random } from '../random.ts';
import { changed, type Change, type Disk, type DiskFile, type DiskNode } from './disk.ts';

/** The unit that a disk writes whole. */
const SECTOR_BYTES = 512;

/** 'nothing' and 'everything' of what was unflushed survived, or 'some': each write whole, torn or missing. */
export type Survival = 'nothing' | 'everything' | 'some';

/** Paths with their contents (null: a folder), folders before what is in them. */
export type Image = ReadonlyMap<string, Buffer | null>;

export const imageOf = (disk: Disk, survival: Survival, random: Random): Image => {
  const names = survivingNames(disk, survival, random);
  const reachable = (path: string, node: DiskNode): boolean => {
    const parent = names.get(dirname(path));
    return node === names.values().next().value || (parent !== undefined && reachable(dirname(path), parent));
  };
  return new Map(
    [...names]
      .filter(([path, node]) => reachable(path, node))
      .toSorted(([a], [b]) => a.length - b.length)
      .map(([path, node]) => [path, node.kind === 'file' ? survivingBytes(node, survival, random) : null]),
  );
};

const survivingNames = (disk: Disk, survival: Survival, random: Random): Map<string, DiskNode> => {
  const names = new Map(disk.flushedNames);
  const { length } = disk.pendingNames;
  const kept = { nothing: 0, everything: length, some: random.below(length + 1) }[survival];
  for (const { apply } of disk.pendingNames.slice(0, kept)) apply(names);
  return names;
};

const survivingBytes = (file: DiskFile, survival: Survival, random: Random): Buffer => {
  const flushed = Buffer.from(file.flushed);
  if (survival === 'nothing') return flushed;
  const survivors =
    survival === 'everything' ? file.pending : file.pending.flatMap((change) => survivorsOf(change, random));
  return survivors.reduce(changed, flushed);
};

const survivorsOf = (change: Change, random: Random): readonly Change[] => {
  if (random.chance(0.5)) return [change];
  return change.change === 'write' && random.chance(0.5) ? torn(change.offset, change.data, random) : [];
};

/** Any of the sectors may have reached the disk, in any order. */
const torn = (offset: number, data: Uint8Array, random: Random): readonly Change[] => {
  const pieces: Change[] = [];
  for (let start = 0; start < data.length;) {
    const end = Math.min(data.length, start + SECTOR_BYTES - ((offset + start) % SECTOR_BYTES));
    if (random.chance(0.5))
      pieces.push({ change: 'write', offset: offset + start, data: data.subarray(start, end) });
    start = end;
  }
  return pieces;
};
