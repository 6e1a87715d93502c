// What becomes of a customer whose fold failed in the live loop.
import type { DocumentWrite, ParkedRow, StoredDocument } from '@tenure/read-models';
import { foldKey, type Customer, type FoldFailure } from './fold-key.ts';
import { membersOf, type Standing } from './fresh.ts';
import { renderContext, type Engine, type Model, type Written } from './model.ts';
import { parkedRow, withWaiting } from './parking.ts';
import { renderDocument } from './render.ts';

/** Stands for the failure of a stored document that cannot be read. */
export const DAMAGED = new SyntaxError('The stored document is damaged.');

type Settled = {
  readonly row: ParkedRow | null;
  readonly written: readonly Written[];
  readonly stale: readonly DocumentWrite[];
};

/**
 * Parks the customer: its documents stand still as they were committed last. But a damaged document is computed anew
 * from the log, and for a customer that an operator released the failing event is left out.
 * `standing`: where the partitions are once the batch at hand is committed.
 */
export const settleFailed = async (
  model: Model,
  engine: Engine,
  customer: Customer,
  failure: FoldFailure,
  standing: Standing,
): Promise<Settled> => {
  const { rules } = model;
  const before = model.parked.get(customer.key);
  const released = before !== undefined && before.skipped !== null;
  let why = failure;
  if (released || failure.error === DAMAGED) {
    const members = membersOf(model, engine, customer.key, standing);
    const folded = await foldKey(engine, rules, customer, members, released ? 'omit' : 'strict');
    if (folded.failure !== null && !released) why = folded.failure;
    else
      try {
        const context = {
          ...(await renderContext(engine, rules, folded.documents)),
          day: standing.day(customer.partition),
        };
        const written = folded.documents.map((live) => ({
          live,
          write: renderDocument(rules, live, context),
        }));
        return {
          row: released ? withWaiting(before, failure.source, failure.position) : null,
          written,
          stale: [],
        };
      } catch (error) {
        why = { ...failure, error };
      }
  }
  return {
    row: parkedRow(customer, why, { codeHash: rules.codeHash, now: engine.clock.now(), before }),
    written: [],
    stale: await staleDocuments(model, customer.key),
  };
};

/** The stored documents of a customer, marked as standing still. */
export const staleDocuments = async (model: Model, key: string): Promise<readonly DocumentWrite[]> => {
  const { generation } = model;
  const stale = async (stored: StoredDocument): Promise<DocumentWrite> => {
    const { change: _, ...document } = stored;
    return { ...document, stale: true, wakeAt: null, search: await generation.searchOf(document.id) };
  };
  return Promise.all((await generation.byKey(key)).map(stale));
};
