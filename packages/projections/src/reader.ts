// Reading the active generations in the thread that answers HTTP. It moves to another generation when the pipeline says
// so; what is being read stays on the generation it began with.
import { TenureError } from '@tenure/core';
import type { Reader, ReadModels, Vector } from '@tenure/read-models';
import type { ProjectionReader } from './control.ts';
import type { ProjectionDefinition } from './definition.ts';
import { generationDoor } from './generation-door.ts';
import { shapeOf, topicsOf } from './rules.ts';
import { positionWaiters, type Timer } from './waiters.ts';

/** What the pipeline tells the readers after each commit and each activation. Plain data. */
export type Progress = {
  readonly projection: string;
  readonly generation: number;
  readonly stale: boolean;
  readonly folded: Vector;
  readonly businessDay: string | null;
};

export type MovingReader = ProjectionReader & {
  /** Resolves when reads go to the generation that is named. Calls may overlap. */
  advance(progress: Progress): Promise<void>;
  close(): Promise<void>;
};

export type ReaderOptions = {
  readonly readModels: ReadModels;
  readonly projections: readonly { readonly definition: ProjectionDefinition; readonly codeHash: string }[];
  readonly timer?: Timer;
};

/** Opens the active generations there are; the others follow with the first `advance`. */
export const createProjectionReader = async (options: ReaderOptions): Promise<MovingReader> => {
  const places = new Map<string, Place>();
  for (const { definition, codeHash } of options.projections)
    places.set(definition.name, await openPlace(options, definition, codeHash));
  const place = (projection: string): Place => {
    const found = places.get(projection);
    if (found === undefined) throw new TenureError('NOT_FOUND', 'There is no such projection.');
    return found;
  };
  return {
    load: async (projection, ids) => place(projection).read((reader) => reader.load(ids)),
    byKey: async (projection, key) => place(projection).read((reader) => reader.byKey(key)),
    query: async (projection, query) => place(projection).read((reader) => reader.query(query)),
    count: async (projection, filters) => place(projection).read((reader) => reader.count(filters)),
    search: async (projection, entry, limit) =>
      place(projection).read((reader) => reader.search(entry, limit)),
    generation: (projection) => place(projection).generation(),
    folded: (projection) => place(projection).waiters.positions(),
    businessDay: (projection) => place(projection).businessDay(),
    waitFor: async (projection, positions, timeoutMs) => place(projection).waiters.wait(positions, timeoutMs),
    advance: async (progress) => places.get(progress.projection)?.advance(progress),
    close: async () => {
      await Promise.all([...places.values()].map((one) => one.close()));
    },
  };
};

type Place = {
  readonly read: <T>(work: (reader: Reader) => Promise<T>) => Promise<T>;
  generation(): { readonly generation: number; readonly stale: boolean } | null;
  businessDay(): string | null;
  readonly waiters: ReturnType<typeof positionWaiters>;
  advance(progress: Progress): Promise<void>;
  close(): Promise<void>;
};

const openPlace = async (
  { readModels, timer }: ReaderOptions,
  definition: ProjectionDefinition,
  codeHash: string,
): Promise<Place> => {
  const waiters = positionWaiters(definition.name, topicsOf(definition), timer);
  const door = generationDoor(readModels, shapeOf(definition));
  let stale = false;
  let businessDay: string | null = null;
  let moving: Promise<unknown> = Promise.resolve();
  const active = await readModels.active(definition.name);
  if (active !== null) stale = (await door.move(active)).codeHash !== codeHash;
  const move = async (progress: Progress): Promise<void> => {
    await door.move(progress.generation);
    ({ stale, businessDay } = progress);
    waiters.advance(progress.folded);
  };
  return {
    waiters,
    read: door.read,
    generation() {
      const generation = door.generation();
      return generation === null ? null : { generation, stale };
    },
    businessDay: () => businessDay,
    async advance(progress) {
      const step = moving.then(() => move(progress));
      moving = step.catch(() => undefined); // the caller sees it; a later message tries again
      await step;
    },
    async close() {
      await moving;
      await door.close();
    },
  };
};
