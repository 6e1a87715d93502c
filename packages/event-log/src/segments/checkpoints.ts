// `<source>/checkpoint`: two slots, written in turn, so that one is whole whenever the power goes.
import {
  closeSync,
  existsSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { TenureError } from '@tenure/core';
import { checkSource } from '../lanes.ts';
import type { RelayCheckpoint, RelayCheckpoints } from '../relay/checkpoints.ts';
import { fenced } from '../relay/fenced.ts';
import { flushFolder } from './deployment.ts';

const fdatasyncFile = promisify(fdatasync);

// slot = length u32 · crc u32 of the text · JSON text. 32 kB hold the heads of 1,024 lanes.
const SLOT_BYTES = 32 * 1024;
const SLOT_HEADER = 8;

type Entry = {
  readonly version: number;
  readonly epoch: number;
  readonly checkpoint: RelayCheckpoint | null;
};
const NOTHING: Entry = { version: 0, epoch: 0, checkpoint: null };

/** The relays' checkpoints in the folder of a segment log. A damaged one costs a repetition, never an event. */
export const segmentCheckpoints = (dir: string): RelayCheckpoints => {
  const write = async (source: string, entry: Entry): Promise<void> => {
    const fd = openCheckpoint(dir, source);
    let written = false;
    try {
      writeSlot(fd, entry);
      written = true;
      await fdatasyncFile(fd);
    } catch (cause) {
      throw failed(source, !written, cause);
    } finally {
      closeSync(fd);
    }
  };
  const held = (source: string, epoch: number): Entry => {
    const newest = readNewest(dir, source);
    if (newest.epoch > epoch) throw fenced(source, epoch, newest.epoch);
    return newest;
  };
  return {
    async acquire(source) {
      checkSource(source);
      const { version, epoch, checkpoint } = readNewest(dir, source);
      await write(source, { version: version + 1, epoch: epoch + 1, checkpoint });
      return { epoch: epoch + 1, checkpoint };
    },
    async check(source, epoch) {
      held(source, epoch);
    },
    async save(source, epoch, checkpoint) {
      await write(source, { version: held(source, epoch).version + 1, epoch, checkpoint });
    },
  };
};

const writeSlot = (fd: number, entry: Entry): void => {
  const text = Buffer.from(JSON.stringify(entry));
  const slot = Buffer.alloc(SLOT_HEADER + text.length);
  slot.writeUInt32LE(text.length, 0);
  slot.writeUInt32LE(crc32(text), 4);
  text.copy(slot, SLOT_HEADER);
  writeSync(fd, slot, 0, slot.length, (entry.version % 2) * SLOT_BYTES);
};

// A write may succeed later (a full disk); a flush that failed must not be tried again, it would hide the loss.
const failed = (source: string, retriable: boolean, cause: unknown): TenureError =>
  new TenureError(
    'CHECKPOINT_FAILED',
    'The relay cannot write its checkpoint: see the disk of the log.',
    { source },
    { retriable, cause },
  );

/** The newest checkpoint of a source, or null when there is none that holds. */
export const readCheckpoint = (dir: string, source: string): RelayCheckpoint | null =>
  readNewest(dir, source).checkpoint;

const openCheckpoint = (dir: string, source: string): number => {
  const folder = join(dir, source);
  const path = join(folder, 'checkpoint');
  if (existsSync(path)) return openSync(path, 'r+');
  mkdirSync(folder, { recursive: true });
  const fd = openSync(path, 'w+', 0o600);
  fsyncSync(fd);
  [folder, dir].forEach(flushFolder);
  return fd;
};

// Read before every round of a relay: it must not allocate the room of two slots each time.
const slots = Buffer.alloc(2 * SLOT_BYTES);

const readNewest = (dir: string, source: string): Entry => {
  const path = join(dir, source, 'checkpoint');
  if (!existsSync(path)) return NOTHING;
  const fd = openSync(path, 'r');
  try {
    const read = readSync(fd, slots, 0, slots.length, 0);
    const [first, second] = [entryIn(slots.subarray(0, read)), entryIn(slots.subarray(SLOT_BYTES, read))];
    return first.version > second.version ? first : second;
  } finally {
    closeSync(fd);
  }
};

const entryIn = (slot: Buffer): Entry => {
  if (slot.length < SLOT_HEADER) return NOTHING;
  const length = slot.readUInt32LE(0);
  if (length === 0 || SLOT_HEADER + length > Math.min(slot.length, SLOT_BYTES)) return NOTHING;
  const text = slot.subarray(SLOT_HEADER, SLOT_HEADER + length);
  // What passes its checksum was written here: it can be trusted to be an entry.
  return crc32(text) === slot.readUInt32LE(4) ? (JSON.parse(text.toString()) as Entry) : NOTHING;
};
