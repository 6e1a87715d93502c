// What a log's folder says of itself: `log.json` (format, partition count, for ever) and `writer` (who may write).
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { TenureError } from '@tenure/core';
import { checkPartitions } from '../lanes.ts';
import { FORMAT } from './format.ts';

/** Reads the partition count of a log, or null where there is none. @throws BAD_CONFIGURATION on a format that is not ours. */
export const readDeployment = (dir: string): number | null => {
  const path = join(dir, 'log.json');
  if (!existsSync(path)) return null;
  const { format, partitions } = parse(readFileSync(path, 'utf8'));
  if (format !== FORMAT || typeof partitions !== 'number')
    throw new TenureError(
      'BAD_CONFIGURATION',
      `log.json does not describe a log of format ${FORMAT}: it was written by another version of Tenure, or is damaged.`,
      { format },
    );
  checkPartitions(partitions);
  return partitions;
};

const parse = (text: string): { readonly format?: unknown; readonly partitions?: unknown } => {
  try {
    return JSON.parse(text) as { format?: unknown; partitions?: unknown };
  } catch {
    return {}; // told as a format that is not ours
  }
};

/** Makes a log in a folder, or makes sure that the log there has the partitions asked for. @throws BAD_CONFIGURATION */
export const ensureDeployment = (dir: string, partitions: number): void => {
  checkPartitions(partitions);
  mkdirSync(dir, { recursive: true });
  const found = readDeployment(dir);
  if (found === null) create(dir, partitions);
  else if (found !== partitions)
    throw new TenureError(
      'BAD_CONFIGURATION',
      `This log was made with ${found} partitions, ${partitions} are configured: the count is fixed for the life of a deployment.`,
      { found, configured: partitions },
    );
};

const create = (dir: string, partitions: number): void => {
  const path = join(dir, 'log.json');
  writeFileSync(`${path}.tmp`, `${JSON.stringify({ format: FORMAT, partitions })}\n`, { flush: true });
  renameSync(`${path}.tmp`, path);
  flushFolder(dir);
};

/** Makes the entries of a folder survive a power cut. */
export const flushFolder = (dir: string): void => {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

export type WriterClaim = {
  /** @throws LOG_FENCED when a newer writer has opened the log. */
  check(): void;
  close(): void;
};

const CLAIM_BYTES = 12; // epoch f64 · crc u32

/** Claims the log for this writer: older ones are fenced at their next append. */
export const claimWriting = (dir: string): WriterClaim => {
  const fd = openSync(join(dir, 'writer'), existsSync(join(dir, 'writer')) ? 'r+' : 'w+', 0o600);
  const claim = Buffer.alloc(CLAIM_BYTES);
  const newest = (): number => {
    const read = readSync(fd, claim, 0, CLAIM_BYTES, 0);
    return read === CLAIM_BYTES && crc32(claim.subarray(0, 8)) === claim.readUInt32LE(8)
      ? claim.readDoubleLE(0)
      : 0;
  };
  const epoch = newest() + 1;
  claim.writeDoubleLE(epoch, 0);
  claim.writeUInt32LE(crc32(claim.subarray(0, 8)), 8);
  writeSync(fd, claim, 0, CLAIM_BYTES, 0);
  fdatasyncSync(fd);
  return {
    check() {
      if (newest() !== epoch) throw fencedWriter();
    },
    close: () => closeSync(fd),
  };
};

export const fencedWriter = (): TenureError =>
  new TenureError(
    'LOG_FENCED',
    'Another process has opened this log for writing: this one must stop. Nothing is lost, the other one goes on.',
  );
