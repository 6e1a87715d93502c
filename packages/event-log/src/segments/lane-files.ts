// The files of one lane, and how they are found again at a start: sealed segments by their index, the open one read whole.
import { existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { LaneEnd } from '../admission.ts';
import type { Lane } from '../event-log.ts';
import { blockPasses } from './decode.ts';
import { corrupt, firstSeqOf, laneFolder, laneSeed, segmentName } from './format.ts';
import { readSealedFacts } from './index-file.ts';
import type { SegmentReader } from './reader.ts';
import { extend, type Segment } from './segment.ts';
import { emptyTail, noteBlock } from './tail.ts';

export type LaneFiles = {
  readonly lane: Lane;
  readonly folder: string;
  readonly seed: number;
  readonly segments: Segment[];
};

/** A lane of the log in `dir`, before its files have been looked at. */
export const laneFiles = (dir: string, lane: Lane): LaneFiles => ({
  lane,
  folder: join(dir, laneFolder(lane)),
  seed: laneSeed(lane),
  segments: [],
});

/** A segment that begins after everything the lane has. */
export const newSegment = ({ lane, folder, seed }: LaneFiles, firstSeq: number): Segment => ({
  lane,
  seed,
  file: `${laneFolder(lane)}/${segmentName(firstSeq)}`,
  path: join(folder, segmentName(firstSeq)),
  firstSeq,
  size: 0,
  records: 0,
  lastSeq: firstSeq - 1,
  firstPosition: 0,
  lastPosition: 0,
  tail: emptyTail(),
});

export const endOfLane = ({ segments }: LaneFiles): LaneEnd => {
  const last = segments.at(-1);
  return last === undefined ? { seq: 0, position: 0 } : { seq: last.lastSeq, position: last.lastPosition };
};

/** The first place where the files do not go on as they should, with everything after it. */
export type Breach = {
  readonly segment: Segment;
  /** 'torn': an incomplete last block, as a writer leaves it that is interrupted or at work. */
  readonly why: 'torn' | 'broken';
  readonly later: readonly Segment[];
};

/** Takes in what is new in the files of a lane since the last time, up to the first breach. */
export const discover = (files: LaneFiles, reader: SegmentReader): Breach | null => {
  const seqs = segmentSeqs(files.folder);
  const open = files.segments.at(-1);
  const unread = seqs.filter((seq) => seq > (open?.firstSeq ?? 0)).map((seq) => newSegment(files, seq));
  const toRead = open === undefined || open.tail === null ? unread : [open, ...unread];
  for (const [i, segment] of toRead.entries()) {
    const why = takeIn(files, segment, reader);
    if (why === null) continue;
    return { segment, why, later: toRead.slice(i + 1) };
  }
  return null;
};

const segmentSeqs = (folder: string): readonly number[] => {
  if (!existsSync(folder)) return [];
  const seqs = readdirSync(folder).map(firstSeqOf);
  return seqs.filter((seq) => seq !== null).toSorted((a, b) => a - b);
};

/** Takes in one segment, as far as it is whole. */
const takeIn = (files: LaneFiles, segment: Segment, reader: SegmentReader): Breach['why'] | null => {
  const isKnown = files.segments.at(-1) === segment;
  if (!isKnown && segment.firstSeq !== endOfLane(files).seq + 1) return 'broken'; // a segment is missing before it
  const size = statSync(segment.path).size;
  const facts = readSealedFacts(segment.path, segment.seed);
  if (facts !== null && facts.firstSeq === segment.firstSeq) {
    if (facts.size !== size) return 'broken';
    const { marks: _marks, contentCrc: _crc, ...description } = facts;
    Object.assign(segment, description, { tail: null });
    if (!isKnown) files.segments.push(segment);
    return null;
  }
  const why = readOn(segment, size, reader);
  if (!isKnown && segment.records > 0) files.segments.push(segment);
  return why;
};

/** Reads the blocks of an open segment beyond those known. */
const readOn = (segment: Segment, size: number, reader: SegmentReader): Breach['why'] | null => {
  const { tail } = segment;
  if (tail === null) return null;
  const end = reader.walk({ ...segment, size }, segment.size, false, (block) => {
    const { head } = block;
    const follows = head.firstSeq === segment.lastSeq + 1 && head.firstPosition > segment.lastPosition;
    if (!follows || !blockPasses(block, segment.seed)) return 'broken';
    if (!noteBlock(tail, segment.records, block)) return 'broken';
    extend(segment, head);
    return 'next';
  });
  return end.why === 'torn' || end.why === 'broken' ? end.why : null;
};

/**
 * Cuts the tail of a lane that no flush had reached: everything from the breach on.
 * @throws CORRUPT, leaving the files alone, when something of it was flushed: a later segment is sealed, or the lane
 * would end before `flushedSeq`.
 */
export const cutTail = (files: LaneFiles, breach: Breach, flushedSeq: number): void => {
  const { segment, later } = breach;
  const flushed = later.some((next) => readSealedFacts(next.path, next.seed) !== null);
  if (flushed || segment.tail === null || endOfLane(files).seq < flushedSeq || isSealedFile(segment))
    throw corrupt(
      files.lane,
      segment.file,
      `Flushed records that do not pass their checksum (from byte ${segment.size} on)`,
    );
  for (const next of later) rmSync(next.path);
  if (segment.records === 0) rmSync(segment.path);
  else truncateSync(segment.path, segment.size);
};

const isSealedFile = (segment: Segment): boolean => readSealedFacts(segment.path, segment.seed) !== null;
