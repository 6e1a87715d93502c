// When all work has ended: everything stored is in the log, everybody who reads the log has read it, nothing is due.
import { shapeOf, topicsOf, type ProjectionDefinition } from '@tenure/projections';
import type { LaneCheckpoint, ModelShape, Reader } from '@tenure/read-models';
import { CLOCK, type Durable } from '../durable.ts';
import type { Standing } from '../play.ts';
import { MANY } from './facts.ts';

/** Who reads the log, beside the projections: the model of its checkpoints, and what it reads. */
export type Listener = { readonly model: string; readonly topics: readonly string[] };

export type Readers = {
  readonly definitions: readonly ProjectionDefinition[];
  readonly listeners: readonly Listener[];
  /** Projections of deadlines, and whether one of their documents has something due. */
  readonly deadlines: readonly ProjectionDefinition[];
  readonly isDue: (document: { readonly columns: readonly unknown[]; readonly body: string }) => boolean;
};

type Count = { readonly wanted: number; readonly reached: number };

const lengths = ({ lanes, partitions }: Durable, source: string): readonly number[] =>
  Array.from(
    { length: partitions },
    (_, partition) => lanes.lanes.get(`${source}/${partition}`)?.length ?? 0,
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const seqOf = (checkpoints: readonly LaneCheckpoint[], source: string, partition: number): number =>
  checkpoints.find((one) => one.source === source && one.partition === partition)?.seq ?? 0;

/** The generation that is served; null: there is none. */
export const readerOf = async ({ readModels }: Durable, shape: ModelShape): Promise<Reader | null> => {
  const models = readModels.open();
  const active = await models.active(shape.model);
  return active === null ? null : models.openReader(shape, active);
};

const readUpTo = async (durable: Durable, shape: ModelShape, sources: readonly string[]): Promise<Count> => {
  const checkpoints = (await (await readerOf(durable, shape))?.checkpoints()) ?? null;
  const lanes = sources
    .filter((source) => durable.sources.includes(source))
    .flatMap((source) =>
      lengths(durable, source).map((length, partition) => ({ source, length, partition })),
    );
  return {
    wanted: sum(lanes.map(({ length }) => length)),
    reached:
      checkpoints === null
        ? -1
        : sum(lanes.map((lane) => Math.min(lane.length, seqOf(checkpoints, lane.source, lane.partition)))),
  };
};

/** Where a deployment stands. */
export const standingOf = async (durable: Durable, readers: Readers): Promise<Standing> => {
  const standings = new Map<string, Count>();
  for (const source of durable.sources) {
    const { events } = await durable.store(source).head();
    const copies = source === CLOCK ? durable.partitions : 1;
    standings.set(`events of ${source} in the log`, {
      wanted: events * copies,
      reached: sum(lengths(durable, source)),
    });
  }
  for (const definition of readers.definitions)
    standings.set(
      `records folded by ${definition.name}`,
      await readUpTo(durable, shapeOf(definition), topicsOf(definition)),
    );
  for (const { model, topics } of readers.listeners)
    standings.set(`records that ${model} has heard`, await readUpTo(durable, { model, columns: [] }, topics));
  for (const definition of readers.deadlines) {
    const waiting = (await (await readerOf(durable, shapeOf(definition)))?.scan('', MANY)) ?? [];
    const due = waiting.filter(readers.isDue).length;
    standings.set(`streams of ${definition.name} with nothing due`, {
      wanted: waiting.length,
      reached: waiting.length - due,
    });
  }
  return standings;
};
