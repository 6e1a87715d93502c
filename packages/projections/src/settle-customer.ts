// What has to be written so that a customer stands in the store as the log says: his documents, or that he is parked.
import type { AbsorptionRow, Commit, DocumentWrite, ParkedRow, StoredDocument } from '@tenure/read-models';
import { differences } from './differences.ts';
import type { Customer, FoldFailure } from './fold-key.ts';
import { freshDocuments, frozenDocuments, type FoldEngine, type Standing } from './fresh.ts';
import type { Engine, Model, Written } from './model.ts';
import { parkedRow, standsStill } from './parking.ts';
import { staleDocuments } from './settle-failed.ts';

export type SettleEngine = FoldEngine & Pick<Engine, 'clock'>;

/** Parts of one commit. */
export type Settled = {
  readonly written: readonly Written[];
  readonly documents: readonly DocumentWrite[];
  readonly remove: readonly string[];
  readonly park: readonly ParkedRow[];
  readonly unpark: readonly string[];
  /** Something stored was not what the log says. */
  readonly changed: boolean;
  /** False: the fold failed, the customer is (still) parked. */
  readonly flows: boolean;
};

const NOTHING: Settled = {
  written: [],
  documents: [],
  remove: [],
  park: [],
  unpark: [],
  changed: false,
  flows: true,
};

/** Several customers in one commit; `flows`: all of them do. */
export const together = (parts: readonly Settled[]): Settled => ({
  written: parts.flatMap(({ written }) => written),
  documents: parts.flatMap(({ documents }) => documents),
  remove: parts.flatMap(({ remove }) => remove),
  park: parts.flatMap(({ park }) => park),
  unpark: parts.flatMap(({ unpark }) => unpark),
  changed: parts.some(({ changed }) => changed),
  flows: parts.every(({ flows }) => flows),
});

/** What of a commit is worth a commit. */
export const commitOf = (
  { written, documents, remove, park, unpark }: Settled,
  absorptions: readonly AbsorptionRow[] = [],
): { readonly written: readonly Written[]; readonly rest: Partial<Commit>; readonly isEmpty: boolean } => ({
  written,
  rest: { documents, remove, park, unpark, absorptions },
  isEmpty: [written, documents, remove, park, unpark, absorptions].every((part) => part.length === 0),
});

/**
 * Folds a customer anew and says what of the store has to change. `row`: what is known of him as a parked one, also when
 * it is not stored yet.
 */
export const settleCustomer = async (
  model: Model,
  engine: SettleEngine,
  customer: Customer,
  { row, standing }: { readonly row: ParkedRow | undefined; readonly standing: Standing },
): Promise<Settled> => {
  const { key } = customer;
  const released = isReleased(model, customer, row);
  const fresh = await freshDocuments(model, engine, customer, { released, standing });
  if ('failure' in fresh) return parked(model, engine, customer, { failure: fresh.failure, row, standing });
  const unpark = row !== undefined && standsStill(row) ? [key] : [];
  const stored = new Map((await model.generation.byKey(key)).map((document) => [document.id, document]));
  const { redirect } = fresh;
  if (redirect !== null) {
    const other = await isOther(model, stored.get(redirect.id), redirect);
    return { ...NOTHING, documents: other ? [redirect] : [], unpark, changed: other };
  }
  const wrong: Written[] = [];
  for (const { live, write } of fresh.written) live.stored = stored.get(write.id)?.vector ?? {};
  for (const one of fresh.written)
    if (await isOther(model, stored.get(one.write.id), one.write)) wrong.push(one);
  // When to wake may be told differently on another day and still be right; it is brought up to date silently.
  const written = fresh.written.filter(
    (one) => wrong.includes(one) || stored.get(one.write.id)?.wakeAt !== one.write.wakeAt,
  );
  const expected = new Set(fresh.written.map(({ write }) => write.id));
  const remove = [...stored.keys()].filter((id) => !expected.has(id));
  const park =
    row !== undefined && released && row !== model.parked.get(key) && !standsStill(row) ? [row] : [];
  return { ...NOTHING, written, remove, park, unpark, changed: wrong.length + remove.length > 0 };
};

/** Somebody of a merged group was released: what cannot be folded is left out for them all. */
const isReleased = (model: Model, { key }: Customer, row: ParkedRow | undefined): boolean =>
  [row, ...model.absorptions.groupOf(key).map((member) => model.parked.get(member))].some(
    (one) => one !== undefined && one.skipped !== null,
  );

const parked = async (
  model: Model,
  engine: SettleEngine,
  customer: Customer,
  about: { readonly failure: FoldFailure; readonly row: ParkedRow | undefined; readonly standing: Standing },
): Promise<Settled> => {
  const { failure, row: before, standing } = about;
  const stored = await model.generation.byKey(customer.key);
  // What stood there before a merge, or a redirect, is not what this customer shows.
  const standsAlone = model.absorptions.groupOf(customer.key).length === 1;
  const documents =
    standsAlone && stored.every(({ redirect }) => redirect === null)
      ? await staleDocuments(model, customer.key)
      : await frozenDocuments(model, engine, customer, standing);
  const kept = new Set(documents.map(({ id }) => id));
  const row = parkedRow(customer, failure, {
    codeHash: model.rules.codeHash,
    now: engine.clock.now(),
    before,
  });
  return {
    ...NOTHING,
    documents,
    remove: stored.map(({ id }) => id).filter((id) => !kept.has(id)),
    park: [row],
    changed: before === undefined,
    flows: false,
  };
};

const isOther = async (
  model: Model,
  stored: StoredDocument | undefined,
  write: DocumentWrite,
): Promise<boolean> =>
  stored === undefined || stored.stale || (await differing(model, stored, write)).length > 0;

/** Where a stored document, with the entries it is found by, is not what it should be. */
export const differing = async (
  { generation, rules }: Model,
  stored: StoredDocument,
  fresh: DocumentWrite,
): Promise<readonly string[]> => {
  const search = rules.definition.search === undefined ? [] : await generation.searchOf(stored.id);
  return differences({ ...stored, search }, fresh, rules.shape.columns);
};
