// The re-fold set (PROJECTIONS §3): documents computed anew from the log and written in one commit.
import type { DocumentWrite, ParkedRow, StoredDocument } from '@tenure/read-models';
import { partitionOf } from '@tenure/event-log';
import { differences } from './differences.ts';
import { failureAt, foldKey, type FoldFailure } from './fold-key.ts';
import { commit, renderContext, type Engine, type Model, type Written } from './model.ts';
import { parkedRow } from './parking.ts';
import { renderDocument } from './render.ts';
import { staleDocuments } from './settle-failed.ts';

export type Refolded = {
  readonly key: string;
  /** Something stored was not what the log says. */
  readonly changed: boolean;
  /** False: the fold failed, the customer is (still) parked. */
  readonly flows: boolean;
};

/**
 * Re-folds customers up to where the generation stands and writes what differs. A parked customer whose fold succeeds
 * flows again. Must run in the model's turn.
 */
export const refoldKeys = async (
  model: Model,
  engine: Engine,
  keys: readonly string[],
  refolded: 'from the set' | 'on demand' = 'on demand',
): Promise<readonly Refolded[]> => {
  const results: Refolded[] = [];
  for (const key of keys)
    results.push(
      await refoldKey(model, engine, key, {
        row: model.parked.get(key),
        refolded: refolded === 'from the set' ? [key] : [],
      }),
    );
  return results;
};

/**
 * Writes the row of a released customer together with the documents that leave the failing event out: with one and not
 * the other, later events would be folded over what stood still. Must run in the model's turn.
 */
export const releaseKey = (model: Model, engine: Engine, row: ParkedRow): Promise<Refolded> =>
  refoldKey(model, engine, row.key, { row, refolded: [] });

const refoldKey = async (
  model: Model,
  engine: Engine,
  key: string,
  { row: before, refolded }: { readonly row: ParkedRow | undefined; readonly refolded: readonly string[] },
): Promise<Refolded> => {
  const customer = { key, partition: partitionOf(key, engine.log.partitions) };
  const released = before !== undefined && before.skipped !== null;
  const fresh = await freshDocuments(model, engine, customer, released);
  if ('failure' in fresh) {
    const row = parkedRow(customer, fresh.failure, {
      codeHash: model.rules.codeHash,
      now: engine.clock.now(),
      before,
    });
    const documents = await staleDocuments(model, key);
    await commit(model, [], { documents, park: [row], refolded });
    return { key, changed: before === undefined, flows: false };
  }
  const stored = new Map((await model.generation.byKey(key)).map((document) => [document.id, document]));
  // An absorbed customer's document stays a redirect: its events belong to the survivor.
  const wrong: Written[] = [];
  for (const one of fresh.written)
    if (await isOther(model, stored.get(one.write.id), one.write)) wrong.push(one);
  // When to wake may be told differently on another day and still be right; it is brought up to date silently.
  const written = fresh.written.filter(
    (one) =>
      wrong.includes(one) ||
      (stored.get(one.write.id)?.redirect === null && stored.get(one.write.id)?.wakeAt !== one.write.wakeAt),
  );
  const expected = new Set(fresh.written.map(({ write }) => write.id));
  const remove = [...stored.values()].filter(({ id, redirect }) => redirect === null && !expected.has(id));
  const unpark = before !== undefined && !released ? [key] : [];
  const park = released && before !== model.parked.get(key) ? [before] : [];
  if (written.length + remove.length + park.length + unpark.length + refolded.length > 0)
    await commit(model, written, { remove: remove.map(({ id }) => id), park, unpark, refolded });
  return { key, changed: wrong.length > 0 || remove.length > 0, flows: true };
};

const redirectsOf = async ({ generation, rules }: Model, key: string): Promise<readonly string[]> =>
  rules.definition.merges === undefined
    ? []
    : (await generation.byKey(key)).flatMap(({ redirect }) => redirect ?? []);

/** Rows taken in one step: the live loop waits meanwhile. */
const DRAIN_ROWS = 50;

/** Works off the stored re-fold set, in steps between which the live loop has its turn. */
export const drainRefolds = async (model: Model, engine: Engine, stopped: () => boolean): Promise<void> => {
  while (!stopped()) {
    const keys = await model.turn(async () => {
      const rows = await model.generation.refolds(DRAIN_ROWS);
      const waiting = rows.map(({ key }) => key);
      await refoldKeys(model, engine, waiting, 'from the set');
      return rows.length;
    });
    if (keys < DRAIN_ROWS) return;
  }
};
