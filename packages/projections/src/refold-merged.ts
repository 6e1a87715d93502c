// Merged customers in the live loop: folded anew in the commit of the batch that touches one of them.
import type { AbsorptionRow } from '@tenure/read-models';
import type { Arrivals } from './arrivals.ts';
import { customerOf, type Standing } from './fresh.ts';
import { takeOver } from './merging.ts';
import type { Engine, Model } from './model.ts';
import { settleCustomer, together, type Settled } from './settle-customer.ts';

export type RefoldedMerged = {
  /** What is left to be folded on. */
  readonly arrivals: Arrivals;
  readonly settled: Settled;
  readonly rows: readonly AbsorptionRow[];
};

/**
 * Takes over merges, and folds anew the customers that are merged and touched by the batch, and those whose merge has
 * changed. Everything of one commit, so the documents are at every moment what all lanes have brought up to then.
 */
export const refoldMerged = async (
  model: Model,
  engine: Engine,
  arrivals: Arrivals,
  standing: Standing,
): Promise<RefoldedMerged> => {
  const { absorptions } = model;
  if (absorptions.isEmpty() && arrivals.said.length === 0)
    return { arrivals, settled: together([]), rows: [] };
  const { keys: changed, rows } = takeOver(model, arrivals.said);
  const keys = new Set(changed);
  const apart = (key: string): boolean => changed.has(key) || isMerged(model, key);
  for (const key of arrivals.customers.keys()) if (apart(key)) keys.add(absorptions.rootOf(key));
  const parts: Settled[] = [];
  for (const key of keys) {
    const row = model.parked.get(key);
    parts.push(await settleCustomer(model, engine, customerOf(engine, key), { row, standing }));
  }
  return {
    arrivals: {
      ...arrivals,
      customers: without(arrivals.customers, apart),
      waiting: without(arrivals.waiting, (key) => keys.has(key)),
    },
    settled: together(parts),
    rows,
  };
};

const isMerged = ({ absorptions }: Model, key: string): boolean => {
  const root = absorptions.rootOf(key);
  return root !== key || absorptions.groupOf(root).length > 1;
};

const without = <T>(
  all: ReadonlyMap<string, T>,
  isLeftOut: (key: string) => boolean,
): ReadonlyMap<string, T> => new Map([...all].filter(([key]) => !isLeftOut(key)));
