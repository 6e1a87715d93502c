// Reading the active generations in the thread that answers HTTP. It moves to another generation when the pipeline says
// so; what is being read stays on the generation it began with.
import { isTenureError, TenureError } from '@tenure/core';
import type { Reader, ReadModels, Vector } from '@tenure/read-models';
import type { DocumentChange } from './changes.ts';
import type { ProjectionReader } from './control.ts';
import type { ProjectionDefinition } from './definition.ts';
import { generationDoor } from './generation-door.ts';
import { shapeOf, topicsOf } from './rules.ts';
import { newest } from './newest.ts';
import { positionWaiters, wallTimer, type Timer } from './waiters.ts';

/** What the pipeline tells the readers after each commit and each activation. Plain data. */
export type Progress = {
  readonly projection: string;
  readonly generation: number;
  readonly stale: boolean;
  readonly folded: Vector;
  readonly businessDay: string | null;
  /** Documents changed since the last word, where somebody listens; null: more than can be named. */
  readonly changes: readonly DocumentChange[] | null;
};

export type MovingReader = ProjectionReader & {
  /**
   * Resolves when reads go to the generation that is named, or to a newer one. Calls may overlap. A store that is away is
   * tried again; a generation that is gone was replaced, and what replaced it is told as well.
   */
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
    absorbedBy: async (projection, id) => place(projection).read((reader) => reader.absorbedBy(id)),
    query: async (projection, query) => place(projection).read((reader) => reader.query(query)),
    count: async (projection, filters) => place(projection).read((reader) => reader.count(filters)),
    search: async (projection, entry, limit) =>
      place(projection).read((reader) => reader.search(entry, limit)),
    searchOf: async (projection, id) => place(projection).read((reader) => reader.searchOf(id)),
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
  { readModels, timer = wallTimer }: ReaderOptions,
  definition: ProjectionDefinition,
  codeHash: string,
): Promise<Place> => {
  const waiters = positionWaiters(definition.name, topicsOf(definition), timer);
  const door = generationDoor(readModels, shapeOf(definition));
  let stale = false;
  let businessDay: string | null = null;
  const active = await readModels.active(definition.name);
  if (active !== null) stale = (await door.move(active)).codeHash !== codeHash;
  const moves = newest<Progress>(async (progress) => {
    try {
      await door.move(progress.generation);
    } catch (error) {
      if (isTenureError(error, 'NOT_FOUND')) return;
      throw error;
    }
    ({ stale, businessDay } = progress);
    waiters.advance(progress.folded);
  }, timer);
  return {
    waiters,
    read: door.read,
    generation() {
      const generation = door.generation();
      return generation === null ? null : { generation, stale };
    },
    businessDay: () => businessDay,
    advance: moves.tell,
    async close() {
      await moves.close();
      await door.close();
    },
  };
};
