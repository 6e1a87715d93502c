// What every adapter of ReadModels must keep: one call per clause of the port.
import { describe } from 'vitest';
import type { ReadModels } from './read-models.ts';
import { buildClauses } from './contract/builds.ts';
import { commitClauses } from './contract/commits.ts';
import { generationClauses } from './contract/generations.ts';
import { queryClauses } from './contract/queries.ts';
import { readingClauses } from './contract/readings.ts';

/** A place where read models live: opened, left without closing (a crash), opened again. */
export type Site = {
  /** Opens for writing. Called again it opens the same place anew, whatever was open before. */
  open(): Promise<ReadModels>;
  /** A second opening that only reads, as another thread has it. */
  openReadOnly(): Promise<ReadModels>;
  /** Removes everything. */
  remove(): Promise<void>;
};

/** The contract suite: `makeSite` makes an empty place for each test. */
export const readModelsContract = (adapter: string, makeSite: () => Promise<Site>): void => {
  describe(`ReadModels on ${adapter}`, () => {
    commitClauses(makeSite);
    readingClauses(makeSite);
    queryClauses(makeSite);
    buildClauses(makeSite);
    generationClauses(makeSite);
  });
};
