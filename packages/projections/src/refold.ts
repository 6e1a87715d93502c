// The re-fold set (PROJECTIONS §3): documents computed anew from the log and written in one commit.
import type { ParkedRow } from '@tenure/read-models';
import { customerOf, standingOf } from './fresh.ts';
import { relearn } from './merging.ts';
import { commit, type Engine, type Model } from './model.ts';
import { commitOf, settleCustomer, together, type Settled } from './settle-customer.ts';

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
  { row, refolded }: { readonly row: ParkedRow | undefined; readonly refolded: readonly string[] },
): Promise<Refolded> => {
  const merged = await relearn(model, engine, key, await redirectsOf(model, key));
  const root = model.absorptions.rootOf(key);
  const keys = new Set([...model.absorptions.groupOf(root), ...merged.keys]);
  const standing = standingOf(model);
  const parts: Settled[] = [];
  for (const one of keys) {
    const known = one === row?.key ? row : model.parked.get(one);
    parts.push(await settleCustomer(model, engine, customerOf(engine, one), { row: known, standing }));
  }
  const settled = together(parts);
  const { written, rest, isEmpty } = commitOf(settled, merged.rows);
  if (!isEmpty || refolded.length > 0) await commit(model, written, { ...rest, refolded });
  return { key, changed: settled.changed || merged.rows.length > 0, flows: settled.flows };
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
