// The fold of a partition (or of a key-hash slice of it) in memory: source after source, as they lie in the log.
import { TenureError, isTenureError } from '@tenure/core';
import type { HashRange, LogRecord } from '@tenure/event-log';
import type { AbsorptionRow, LaneCheckpoint, ParkedRow, Vector } from '@tenure/read-models';
import { SILENT, withMerge, type Word } from '../absorptions.ts';
import { CLOCK_SOURCE, type Day } from '../day.ts';
import { breathe } from '../exclusive.ts';
import { failureAt, foldKey, type FoldFailure } from '../fold-key.ts';
import { applyEvent, newDocument, type LiveDocument } from '../live-document.ts';
import { mergeIn } from '../merging.ts';
import { dayAt } from '../model.ts';
import { parkedRow } from '../parking.ts';
import type { Building } from './run-build.ts';

export type FoldedPartition = {
  readonly partition: number;
  readonly day: Day | undefined;
  readonly positions: Vector;
  readonly documents: readonly LiveDocument[];
  /** Documents of parked customers. */
  readonly frozen: readonly LiveDocument[];
  readonly parked: readonly ParkedRow[];
  /** What customers of the partition say of merges. */
  readonly absorptions: readonly AbsorptionRow[];
};

/** Records per read: how long the thread is held when a build runs beside the live loop. */
const READ_RECORDS = 1_000;

/** Each failed customer is read once more; so many are a bug (PROJECTIONS §4). */
const MAX_FAILED = 1_000;

const OVERFLOW = 'BUILD_SLICE_OVERFLOW';
export const isOverflow = (error: unknown): boolean => isTenureError(error, OVERFLOW);

/** Folds the lanes of a partition up to `ends`. @throws BUILD_SLICE_OVERFLOW, BUILD_STORM */
export const readPartition = async (
  building: Building,
  partition: number,
  range: HashRange | null,
  ends: readonly LaneCheckpoint[],
): Promise<FoldedPartition> => {
  const { rules, job, log } = building;
  const fold: Fold = { building, partition, documents: new Map(), failed: new Map(), said: new Map() };
  const released = new Map(job.released.map((row) => [row.key, row]));
  for (const { source, seq: head } of ends) {
    const lane = { source, partition };
    if (source === CLOCK_SOURCE && !rules.sources.includes(source)) continue;
    for (let next = 1; next <= head;) {
      const records = await log.read(lane, next, READ_RECORDS, range === null ? {} : { keyHash: range });
      const wanted = records.at(-1)?.seq ?? 0;
      foldRecords(
        fold,
        source,
        wanted <= head ? records : records.filter(({ seq }) => seq <= head),
        released,
      );
      if (records.length === 0) break;
      next = wanted + 1;
      building.read(records.length);
      await breathe();
    }
  }
  const day = await dayAt(building, partition, ends.find(({ source }) => source === CLOCK_SOURCE)?.seq ?? 0);
  return settle(fold, released, day ?? undefined, ends);
};

type Fold = {
  readonly building: Building;
  readonly partition: number;
  readonly documents: Map<string, LiveDocument>;
  readonly failed: Map<string, FoldFailure>;
  /** By customer. */
  readonly said: Map<string, Word>;
};

const foldRecords = (
  { building, partition, documents, failed, said }: Fold,
  source: string,
  records: readonly LogRecord[],
  released: ReadonlyMap<string, ParkedRow>,
): void => {
  const { rules, codec, maxDocuments } = building;
  for (const record of records) {
    const { key } = record;
    try {
      const { type } = codec.peek(record.body);
      if (!rules.handles(source, type)) continue;
      const merge = mergeIn(rules, source, type, () => codec.decode(source, record));
      if (merge !== null) said.set(key, withMerge(said.get(key) ?? SILENT, merge, record));
      if (failed.has(key) || released.has(key)) continue;
      const event = codec.decode(source, record);
      rules.mergeOf(event); // what cannot be understood stops the customer
      if (!rules.folds(event)) continue;
      const id = rules.documentIdOf(event);
      if (id === null) continue;
      let document = documents.get(id);
      if (document === undefined) documents.set(id, (document = newDocument(rules, { id, key, partition })));
      applyEvent(rules, document, event);
    } catch (error) {
      if (!failed.has(key) && !released.has(key)) failed.set(key, failureAt(source, record.position, error));
    }
  }
  if (documents.size > maxDocuments)
    throw new TenureError(OVERFLOW, 'More documents than may be held in memory.', { partition });
  if (failed.size > MAX_FAILED)
    throw new TenureError(
      'BUILD_STORM',
      `More than ${MAX_FAILED} customers of one partition cannot be folded: the code is wrong, not the events.`,
      { partition },
    );
};

const settle = async (
  { building, partition, documents, failed, said }: Fold,
  released: ReadonlyMap<string, ParkedRow>,
  day: Day | undefined,
  ends: readonly LaneCheckpoint[],
): Promise<FoldedPartition> => {
  const { rules, job } = building;
  const positions = Object.fromEntries(ends.map(({ source, position }) => [source, position]));
  const healthy = [...documents.values()].filter(({ key }) => !failed.has(key));
  const frozen: LiveDocument[] = [];
  const parked: ParkedRow[] = [];
  for (const [key, failure] of failed) {
    const again = await foldKey(building, rules, { key, partition }, [{ key, upTo: positions }], 'freeze');
    frozen.push(...again.documents);
    // The fold of the customer alone knows what waits behind the failing event.
    const why = again.failure ?? failure;
    parked.push(parkedRow({ key, partition }, why, { codeHash: rules.codeHash, now: job.now }));
  }
  for (const row of released.values()) {
    if (row.partition !== partition) continue;
    const { key } = row;
    healthy.push(...(await foldKey(building, rules, row, [{ key, upTo: positions }], 'omit')).documents);
    parked.push(row);
  }
  const absorptions = [...said].map(([key, word]) => ({ key, ...word }));
  return { partition, day, positions, documents: healthy, frozen, parked, absorptions };
};
