// A disk as a program may rely on it, and no better: what is not flushed may be there, be missing or be torn.
import { dirname } from 'node:path';

export type Change =
  | { readonly change: 'write'; readonly offset: number; readonly data: Uint8Array }
  | { readonly change: 'resize'; readonly size: number };

/** `flushed` survives for sure; `pending` was done since, in this order; `size` is what the program sees. */
export type DiskFile = { readonly kind: 'file'; flushed: Buffer; size: number; pending: Change[] };
export type DiskNode = DiskFile | { readonly kind: 'folder' };

/** One change of the names in a folder. A file system keeps their order and never shows half of one. */
export type Naming = { readonly folder: string; readonly apply: (names: Map<string, DiskNode>) => void };

export type Disk = {
  readonly names: Map<string, DiskNode>;
  readonly flushedNames: Map<string, DiskNode>;
  pendingNames: Naming[];
};

/** A disk that holds one empty folder. */
export const emptyDisk = (root: string): Disk => ({
  names: new Map([[root, { kind: 'folder' }]]),
  flushedNames: new Map([[root, { kind: 'folder' }]]),
  pendingNames: [],
});

const name = (disk: Disk, path: string, apply: Naming['apply']): void => {
  apply(disk.names);
  disk.pendingNames.push({ folder: dirname(path), apply });
};

export const createFile = (disk: Disk, path: string): DiskFile => {
  const file: DiskFile = { kind: 'file', flushed: Buffer.alloc(0), size: 0, pending: [] };
  name(disk, path, (names) => names.set(path, file));
  return file;
};

export const createFolder = (disk: Disk, path: string): void =>
  name(disk, path, (names) => names.set(path, { kind: 'folder' }));

export const unlink = (disk: Disk, path: string): void => name(disk, path, (names) => names.delete(path));

export const rename = (disk: Disk, from: string, to: string): void => {
  const node = disk.names.get(from);
  if (node === undefined) throw new Error(`${from} was renamed but never created`);
  name(disk, to, (names) => {
    names.set(to, node);
    names.delete(from);
  });
};

export const write = (file: DiskFile, offset: number, data: Uint8Array): void => {
  file.pending.push({ change: 'write', offset, data });
  file.size = Math.max(file.size, offset + data.length);
};

export const resize = (file: DiskFile, size: number): void => {
  file.pending.push({ change: 'resize', size });
  file.size = size;
};

/** What a flush that begins now covers; the answer is called when it has ended. */
export const beginFlush = (file: DiskFile): (() => void) => {
  const covered = file.pending.length;
  return () => {
    file.flushed = file.pending.splice(0, covered).reduce(changed, file.flushed);
  };
};

/** The same for the names in a folder. */
export const beginFolderFlush = (disk: Disk, folder: string): (() => void) => {
  const covered = new Set(disk.pendingNames.filter((naming) => naming.folder === folder));
  return () => {
    for (const { apply } of covered) apply(disk.flushedNames);
    disk.pendingNames = disk.pendingNames.filter((naming) => !covered.has(naming));
  };
};

/** The bytes after a change. Holes read as zeros. */
export const changed = (bytes: Buffer, change: Change): Buffer => {
  const end = change.change === 'resize' ? change.size : change.offset + change.data.length;
  const size = change.change === 'resize' ? end : Math.max(end, bytes.length);
  const next = size === bytes.length ? bytes : Buffer.concat([bytes], size);
  if (change.change === 'write') next.set(change.data, change.offset);
  return next;
};
