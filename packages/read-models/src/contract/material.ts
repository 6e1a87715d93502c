// What the clauses work with: one shape, documents of it, empty commits.
import { afterEach, beforeEach } from 'vitest';
import type { Site } from '../contract.ts';
import type {
  Commit,
  DocumentWrite,
  Generation,
  ModelShape,
  ParkedRow,
  ReadModels,
  Scalar,
} from '../read-models.ts';

export const SHAPE: ModelShape = {
  model: 'customer-360',
  columns: [
    { name: 'status', type: 'text', indexed: true },
    { name: 'net', type: 'integer', indexed: true },
    { name: 'score', type: 'real', indexed: false },
  ],
};

export const ABOUT = { codeHash: 'hash-1', version: 1, partitions: 4, now: 1_000 };

export const document = (id: string, over: Partial<DocumentWrite> = {}): DocumentWrite => ({
  id,
  key: id,
  body: `{"slices":{},"summary":{"id":"${id}"}}`,
  vector: { order: 1 },
  sealed: null,
  partition: 0,
  stale: false,
  redirect: null,
  wakeAt: null,
  columns: ['New', 0, null],
  search: [],
  ...over,
});

/** A document with these values of status, net and score. */
export const row = (id: string, ...columns: readonly Scalar[]): DocumentWrite => document(id, { columns });

export const commit = (over: Partial<Commit>): Commit => ({
  documents: [],
  remove: [],
  checkpoints: [],
  park: [],
  unpark: [],
  refold: [],
  refolded: [],
  ...over,
});

export const parkedRow = (key: string, over: Partial<ParkedRow> = {}): ParkedRow => ({
  key,
  partition: 0,
  class: 'FoldFailed',
  message: 'a fold threw',
  source: 'order',
  codeHash: 'hash-1',
  firstPosition: 5,
  lastPosition: 9,
  events: 2,
  attempts: 0,
  since: 1_234,
  skipped: null,
  ...over,
});

export type Bench = { readonly site: Site; readonly models: ReadModels; readonly generation: Generation };

/** A fresh site with one generation of SHAPE, built and open for writing, for each test of the block. */
export const freshGeneration = (makeSite: () => Promise<Site>): (() => Bench) => {
  let bench: Bench | undefined;
  beforeEach(async () => {
    const site = await makeSite();
    const models = await site.open();
    const generation = await models.create(SHAPE, ABOUT);
    await generation.finishBuild();
    bench = { site, models, generation };
  });
  afterEach(async () => {
    await bench?.models.close();
    await bench?.site.remove();
    bench = undefined;
  });
  return () => {
    if (bench === undefined) throw new Error('only inside a test');
    return bench;
  };
};
