// A build: partition after partition, folded in memory, each document written once (PROJECTIONS §5).
import type { EventLogReader } from '@tenure/event-log';
import type { Codec } from '@tenure/events';
import type { KeyStore } from '@tenure/keys';
import type { Generation, LaneCheckpoint, ReadModels } from '@tenure/read-models';
import type { ProjectionDefinition } from '../definition.ts';
import { compileRules, type Rules } from '../rules.ts';
import type { SearchHashes } from '../search-index.ts';
import type { BuildJob, BuildProgress, BuildResult } from './build-job.ts';
import { isOverflow, readPartition, type FoldedPartition } from './fold-partition.ts';
import { settleMerges } from './settle-merges.ts';
import { writePartition } from './write-partition.ts';

/** What a build works with, in whatever thread it runs. */
export type BuildEngine = {
  readonly log: EventLogReader;
  readonly readModels: ReadModels;
  readonly codec: Codec;
  readonly keys: Pick<KeyStore, 'load'>;
  readonly searchHashes: SearchHashes;
  readonly definition: ProjectionDefinition;
  readonly codeHash: string;
  /** Ends the build between two reads. */
  readonly stop?: AbortSignal;
  /** Documents held in memory at most; default 50,000 (PROJECTIONS §5). */
  readonly maxDocuments?: number;
};

/** A document in memory weighs about 5 kB: a quarter of a gigabyte. */
const MAX_DOCUMENTS = 50_000;
/** Each further slice reads the partition once more. One customer cannot be cut: the last attempt takes what there is. */
const MAX_SLICES = 256;

export type Building = BuildEngine & {
  readonly rules: Rules;
  readonly job: BuildJob;
  readonly generation: Generation;
  readonly maxDocuments: number;
  /** Counts events read. @throws what the stop signal says */
  readonly read: (events: number) => void;
};

/**
 * Builds the generation of a job; finished partitions of an earlier attempt are kept. Answers when the build is
 * finished, indexed and flushed, and the generation is closed.
 */
export const runBuild = async (
  engine: BuildEngine,
  job: BuildJob,
  onProgress: (progress: BuildProgress) => void = () => {},
): Promise<BuildResult> => {
  const rules = compileRules(engine.definition, engine.codeHash, engine.codec);
  const generation = await engine.readModels.openWriter(rules.shape, job.generation);
  try {
    const events = eventsOf(job, rules);
    let done = 0;
    const read = (count: number): void => {
      engine.stop?.throwIfAborted();
      onProgress({ events, done: (done += count) });
    };
    const building = {
      ...engine,
      rules,
      job,
      generation,
      maxDocuments: engine.maxDocuments ?? MAX_DOCUMENTS,
      read,
    };
    const finished = finishedPartitions(await generation.checkpoints(), rules);
    let slices = 1;
    for (let partition = 0; partition < engine.log.partitions; partition++)
      if (finished.has(partition)) read(eventsOf(job, rules, partition));
      else slices = await buildPartition(building, partition, slices);
    await settleMerges(building);
    await generation.finishBuild();
    const { documents, parked } = await generation.stats();
    return { events, documents, parked };
  } finally {
    await generation.close();
  }
};

/** Events of the job's sources, of one partition or of all. */
const eventsOf = (job: BuildJob, rules: Rules, partition?: number): number =>
  job.heads
    .filter((head) => rules.sources.includes(head.source))
    .filter((head) => partition === undefined || head.partition === partition)
    .reduce((sum, { seq }) => sum + seq, 0);

// The checkpoints of a partition are written together, after its documents.
const finishedPartitions = (checkpoints: readonly LaneCheckpoint[], rules: Rules): ReadonlySet<number> =>
  new Set(checkpoints.filter(({ source }) => source === rules.topics[0]).map(({ partition }) => partition));

/** Builds one partition; answers into how many slices it had to be cut, which the next one begins with. */
const buildPartition = async (building: Building, partition: number, slices: number): Promise<number> => {
  for (let count = slices; count < MAX_SLICES; count *= 2) {
    try {
      await buildSlices(building, partition, count);
      return count;
    } catch (error) {
      if (!isOverflow(error)) throw error;
    }
  }
  await buildSlices({ ...building, maxDocuments: Infinity }, partition, MAX_SLICES);
  return MAX_SLICES;
};

const buildSlices = async (building: Building, partition: number, count: number): Promise<void> => {
  const { generation } = building;
  const ends = await laneEnds(building, partition);
  const parked: FoldedPartition['parked'][number][] = [];
  const absorptions: FoldedPartition['absorptions'][number][] = [];
  for (let slice = 0; slice < count; slice++) {
    const range = { from: edge(slice, count), to: edge(slice + 1, count) };
    const folded = await readPartition(building, partition, count === 1 ? null : range, ends);
    parked.push(...folded.parked);
    absorptions.push(...folded.absorptions);
    await writePartition(building, folded);
  }
  // Documents are on the disk before the checkpoints say so: a power cut in between builds the partition again.
  await generation.flush();
  await generation.commit({
    documents: [],
    remove: [],
    checkpoints: ends,
    park: parked,
    unpark: [],
    refold: [],
    refolded: [],
    absorptions,
  });
  await generation.flush();
};

// The log may be read where it is still shorter than planned (another view of it): checkpoints say what was really read.
const laneEnds = async (
  { job, log, rules }: Building,
  partition: number,
): Promise<readonly LaneCheckpoint[]> => {
  const ends: LaneCheckpoint[] = [];
  for (const source of rules.topics) {
    const lane = { source, partition };
    const planned =
      job.heads.find((head) => head.source === source && head.partition === partition)?.seq ?? 0;
    const seq = Math.min(planned, await log.head(lane));
    const [last] = seq === 0 ? [] : await log.read(lane, seq, 1, { keys: true });
    ends.push({ source, partition, seq, position: last?.position ?? 0 });
  }
  return ends;
};

const edge = (slice: number, count: number): number => Math.round((slice * 2 ** 32) / count);
