// The lanes that a caller may name.
import { TenureError } from '@tenure/core';
import type { Lane } from './event-log.ts';

const MAX_PARTITIONS = 1024; // each lane has its own files and its own place in every checkpoint
export const SOURCE_NAME = /^[a-z][a-z0-9-]{0,63}$/; // also the name of a folder

/** @throws BAD_CONFIGURATION when it is no partition count. */
export const checkPartitions = (partitions: number): void => {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS)
    throw new TenureError(
      'BAD_CONFIGURATION',
      `The partition count must be a whole number from 1 to ${MAX_PARTITIONS}.`,
    );
};

/** @throws UNKNOWN_LANE when the name is no source. */
export const checkSource = (source: string): void => {
  if (!SOURCE_NAME.test(source))
    throw new TenureError(
      'UNKNOWN_LANE',
      'A source is a lower-case name of at most 64 letters, digits and hyphens.',
    );
};

/** @throws UNKNOWN_LANE when the log cannot have this lane. */
export const checkLane = (lane: Lane, partitions: number): void => {
  checkSource(lane.source);
  if (!Number.isInteger(lane.partition) || lane.partition < 0 || lane.partition >= partitions)
    throw new TenureError('UNKNOWN_LANE', `The log has the partitions 0 to ${partitions - 1}.`, { ...lane });
};

export const lanesOf = (sources: readonly string[], partitions: number): Lane[] =>
  sources.flatMap((source) => Array.from({ length: partitions }, (_, partition) => ({ source, partition })));
