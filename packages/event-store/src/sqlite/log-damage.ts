// SQLite takes the first bad frame of its write-ahead log for the torn end of the last commit. A flipped bit further
// ahead would so cut off commits that were flushed and acknowledged, without a word. This tells the two apart.
// Format: https://www.sqlite.org/fileformat2.html#walformat
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER = 32;
const FRAME_HEADER = 24;
const LITTLE_ENDIAN_WORDS = 0x377f0682;

/**
 * True when the log holds more than SQLite accepted (`frames`) and one unfinished commit can explain: a frame that
 * follows a commit was written after that commit had been flushed.
 */
export const logIsDamaged = (file: string, frames: number): boolean => {
  if (!existsSync(file)) return false;
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size <= HEADER) return false;
    const header = bytesAt(descriptor, 0, HEADER);
    return !headerIsWhole(header) || goesOnAfterCommit(descriptor, header, frames, size);
  } finally {
    closeSync(descriptor);
  }
};

// The header is flushed before the first frame, and fits into one sector.
const headerIsWhole = (header: Buffer): boolean =>
  checksum(header.subarray(0, 24), [0, 0], readerOf(header)).every(
    (sum, i) => sum === header.readUInt32BE(24 + 4 * i),
  );

const goesOnAfterCommit = (descriptor: number, header: Buffer, frames: number, size: number): boolean => {
  const salts = header.subarray(16, 24);
  const length = FRAME_HEADER + header.readUInt32BE(8);
  const frameAt = (index: number): Buffer => bytesAt(descriptor, HEADER + index * length, length);
  const count = Math.floor((size - HEADER) / length);
  for (let i = frames; i + 1 < count; i++) {
    const frame = frameAt(i);
    const commits = frame.readUInt32BE(4) !== 0 && salts.equals(frame.subarray(8, 16));
    if (commits && isSuccessor(frame, frameAt(i + 1), readerOf(header))) return true;
  }
  return false;
};

/** Frames that were left by an older round of the log, or by a commit that was rolled back, do not follow on. */
const isSuccessor = (frame: Buffer, next: Buffer, word: ReadWord): boolean => {
  const before: Sums = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
  const head = checksum(next.subarray(0, 8), before, word);
  return checksum(next.subarray(FRAME_HEADER), head, word).every(
    (sum, i) => sum === next.readUInt32BE(16 + 4 * i),
  );
};

const bytesAt = (descriptor: number, position: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  readSync(descriptor, bytes, 0, length, position);
  return bytes;
};

type Sums = readonly [number, number];
type ReadWord = (bytes: Buffer, offset: number) => number;

const readerOf = (header: Buffer): ReadWord =>
  header.readUInt32BE(0) === LITTLE_ENDIAN_WORDS
    ? (bytes, offset) => bytes.readUInt32LE(offset)
    : (bytes, offset) => bytes.readUInt32BE(offset);

const checksum = (bytes: Buffer, [first, second]: Sums, word: ReadWord): Sums => {
  let [a, b] = [first, second];
  for (let offset = 0; offset < bytes.length; offset += 8) {
    a = (a + word(bytes, offset) + b) >>> 0;
    b = (b + word(bytes, offset + 4) + a) >>> 0;
  }
  return [a, b];
};
