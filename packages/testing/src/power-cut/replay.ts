// Carries recorded system calls out on the modelled disk.
import { resolve } from 'node:path';
import {
  beginFlush,
  beginFolderFlush,
  createFile,
  createFolder,
  emptyDisk,
  rename,
  resize,
  unlink,
  write,
} from './disk.ts';
import type { Disk, DiskNode } from './disk.ts';
import { firstNumber, lastNumber, stringsIn, type Line } from './syscalls.ts';

const STANDARD_OUTPUT = 1;

type Opened = { readonly path: string; readonly node: DiskNode; readonly appends: boolean; offset: number };

export type Replay = {
  readonly disk: Disk;
  /** What the program has written on its standard output so far. */
  output: string;
  readonly root: string;
  readonly open: Map<number, Opened>;
  readonly flushes: Map<string, () => void>;
};

export const replayOn = (root: string): Replay => ({
  disk: emptyDisk(root),
  output: '',
  root,
  open: new Map(),
  flushes: new Map(),
});

type Call = { readonly name: string; readonly args: string; readonly result: number };

/** Carries out one line. True when the disk or the output is another one now. */
export const carryOut = (replay: Replay, line: Line): boolean => {
  if (line.seen === 'begin') return beginCall(replay, line.thread, line.name, line.args);
  const flushed = replay.flushes.get(line.thread);
  replay.flushes.delete(line.thread);
  const { name, args, result } = line;
  if (result === undefined || result < 0) return false; // failed or never returned: promises nothing
  flushed?.();
  return flushed !== undefined || (CALLS[name] ?? unmodelled)(replay, { name, args, result });
};

/** Only a flush matters by its beginning: later writes of other threads are not covered by it. */
const beginCall = (replay: Replay, thread: string, name: string, args: string): boolean => {
  if (name !== 'fsync' && name !== 'fdatasync') return false;
  const opened = replay.open.get(firstNumber(args));
  if (opened === undefined) return false;
  const { node, path } = opened;
  replay.flushes.set(thread, node.kind === 'file' ? beginFlush(node) : beginFolderFlush(replay.disk, path));
  return false;
};

const inRoot = ({ root }: Replay, path: string): boolean => path === root || path.startsWith(`${root}/`);

const pathsIn = (replay: Replay, args: string): readonly string[] =>
  stringsIn(args).map((bytes) => resolve(replay.root, bytes.toString()));

const openFile = (replay: Replay, { args, result }: Call): boolean => {
  const [path = ''] = pathsIn(replay, args);
  replay.open.delete(result);
  if (!inRoot(replay, path)) return false;
  const known = replay.disk.names.get(path);
  const node = known ?? createFile(replay.disk, path);
  const truncates = known?.kind === 'file' && args.includes('O_TRUNC');
  if (truncates) resize(known, 0);
  replay.open.set(result, { path, node, appends: args.includes('O_APPEND'), offset: 0 });
  return known === undefined || truncates;
};

const writeHere = (replay: Replay, { args, result }: Call): boolean => {
  const bytes = Buffer.concat(stringsIn(args)).subarray(0, result);
  const descriptor = firstNumber(args);
  const opened = replay.open.get(descriptor);
  if (opened?.node.kind === 'file') {
    const offset = opened.appends ? opened.node.size : opened.offset;
    write(opened.node, offset, bytes);
    opened.offset = offset + bytes.length;
  } else if (descriptor === STANDARD_OUTPUT) replay.output += bytes.toString();
  else return false;
  return true;
};

const writeAt = (replay: Replay, { args, result }: Call): boolean => {
  const node = replay.open.get(firstNumber(args))?.node;
  if (node?.kind !== 'file') return false;
  write(node, lastNumber(args), Buffer.concat(stringsIn(args)).subarray(0, result));
  return true;
};

const resizeTo = (replay: Replay, { args }: Call): boolean => {
  const node = replay.open.get(firstNumber(args))?.node;
  if (node?.kind !== 'file') return false;
  resize(node, lastNumber(args));
  return true;
};

const seek = (replay: Replay, { args, result }: Call): boolean => {
  const opened = replay.open.get(firstNumber(args));
  if (opened !== undefined) opened.offset = result;
  return false;
};

const close = (replay: Replay, { args }: Call): boolean => {
  replay.open.delete(firstNumber(args));
  return false;
};

const onPaths =
  (change: (disk: Disk, path: string, other: string) => void) =>
  (replay: Replay, { args }: Call): boolean => {
    const [path = '', other = ''] = pathsIn(replay, args);
    if (!inRoot(replay, path)) return false;
    change(replay.disk, path, other);
    return true;
  };

// A recording that does something else to the disk must not pass for a faithful one.
const unmodelled = (replay: Replay, { name, args }: Call): boolean => {
  const touches =
    replay.open.has(firstNumber(args)) || pathsIn(replay, args).some((path) => inRoot(replay, path));
  if (touches) throw new Error(`the model of the disk does not know ${name}`);
  return false;
};

const nothing = (): boolean => false;

const CALLS: Readonly<Record<string, (replay: Replay, call: Call) => boolean>> = {
  open: openFile,
  openat: openFile,
  creat: openFile,
  write: writeHere,
  writev: writeHere,
  pwrite64: writeAt,
  pwritev: writeAt,
  ftruncate: resizeTo,
  lseek: seek,
  close,
  fsync: nothing, // of a file outside
  fdatasync: nothing,
  unlink: onPaths(unlink),
  unlinkat: onPaths(unlink),
  rmdir: onPaths(unlink),
  rename: onPaths(rename),
  renameat: onPaths(rename),
  renameat2: onPaths(rename),
  mkdir: onPaths(createFolder),
  mkdirat: onPaths(createFolder),
};
