// What becomes of a customer whose fold failed in the live loop.
import type { DocumentWrite, ParkedRow, StoredDocument, Vector } from '@tenure/read-models';
import type { Day } from './day.ts';
import { foldKey, type FoldFailure } from './fold-key.ts';
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
 * `at`: what its partition has folded once the batch at hand is committed, and its business day then.
 */
export const settleFailed = async (
  model: Model,
  engine: Engine,
  customer: { readonly key: string; readonly partition: number },
  failure: FoldFailure,
  at: { readonly upTo: Vector; readonly day: Day | undefined },
): Promise<Settled> => {
  const { rules } = model;
  const before = model.parked.get(customer.key);
  const released = before !== undefined && before.skipped !== null;
  let why = failure;
  if (released || failure.error === DAMAGED) {
    const folded = await foldKey(engine, rules, customer, at.upTo, released ? 'omit' : 'strict');
    if (folded.failure !== null && !released) why = folded.failure;
    else
      try {
        const context = { ...(await renderContext(engine, rules, folded.documents)), day: at.day };
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
