// When all work has ended: everything stored is in the log, everybody who reads the log has read it, nothing is due.
import { shapeOf, type ProjectionDefinition } from '@tenure/projections';
import type { LaneCheckpoint, ModelShape, Reader } from '@tenure/read-models';
import { SOURCE } from '../counter.ts';
import { PARTITIONS, SOURCES, type Durable, type Source } from '../durable.ts';
import { definitions, deadlines } from '../service.ts';
import { MANY } from './facts.ts';

/** By what stands still when it is wrong: the numbers to be reached, and those reached. */
type Standing = ReadonlyMap<string, { readonly wanted: number; readonly reached: number }>;

const lengthOf = ({ lanes }: Durable, source: Source, partition: number): number =>
  lanes.lanes.get(`${source}/${partition}`)?.length ?? 0;

const lengths = (durable: Durable, source: Source): readonly number[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => lengthOf(durable, source, partition));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const seqOf = (checkpoints: readonly LaneCheckpoint[], source: Source, partition: number): number =>
  checkpoints.find((one) => one.source === source && one.partition === partition)?.seq ?? 0;

const readerOf = async ({ readModels }: Durable, shape: ModelShape): Promise<Reader | null> => {
  const models = readModels.open();
  const active = await models.active(shape.model);
  return active === null ? null : models.openReader(shape, active);
};

const readUpTo = async (
  durable: Durable,
  shape: ModelShape,
  sources: readonly Source[],
): Promise<{ readonly wanted: number; readonly reached: number }> => {
  const checkpoints = (await (await readerOf(durable, shape))?.checkpoints()) ?? null;
  const lanes = sources.flatMap((source) =>
    lengths(durable, source).map((length, partition) => ({ source, length, partition })),
  );
  return {
    wanted: sum(lanes.map(({ length }) => length)),
    reached:
      checkpoints === null
        ? -1
        : sum(
            lanes.map(({ source, length, partition }) =>
              Math.min(length, seqOf(checkpoints, source, partition)),
            ),
          ),
  };
};

const sourcesOf = ({ summarise }: ProjectionDefinition): readonly Source[] =>
  summarise === undefined ? [SOURCE] : SOURCES;

const standingOf = async (durable: Durable): Promise<Standing> => {
  const standings = new Map<string, { wanted: number; reached: number }>();
  for (const source of SOURCES) {
    const { events } = await durable.stores[source].head();
    const copies = source === 'clock' ? PARTITIONS : 1;
    standings.set(`events of ${source} in the log`, {
      wanted: events * copies,
      reached: sum(lengths(durable, source)),
    });
  }
  for (const { definition } of definitions)
    standings.set(
      `records folded by ${definition.name}`,
      await readUpTo(durable, shapeOf(definition), sourcesOf(definition)),
    );
  standings.set(
    'records reacted to',
    await readUpTo(durable, { model: `${SOURCE}-reactions`, columns: [] }, [SOURCE]),
  );
  const open = (await (await readerOf(durable, shapeOf(deadlines)))?.scan('', MANY)) ?? [];
  const due = open.filter(({ columns }) => columns.some((column) => column !== null)).length;
  standings.set('streams with nothing due', { wanted: open.length, reached: open.length - due });
  return standings;
};

export const isSettled = async (durable: Durable): Promise<boolean> =>
  [...(await standingOf(durable)).values()].every(({ wanted, reached }) => reached >= wanted);

/** Where the deployment stands, in words. */
export const standing = async (durable: Durable): Promise<string> =>
  [...(await standingOf(durable))]
    .map(([what, { wanted, reached }]) => `${reached}/${wanted} ${what}`)
    .join(', ');
