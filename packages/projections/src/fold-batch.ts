// One step of the live loop: what has arrived on all lanes becomes one commit of documents, parked rows and checkpoints.
import type { LaneBatch } from '@tenure/event-log';
import type { DocumentWrite, ParkedRow, StoredDocument } from '@tenure/read-models';
import { sortArrivals, standingAfter, type Arrivals, type CustomerArrivals } from './arrivals.ts';
import { refoldMerged } from './refold-merged.ts';
import { failureAt, withLater, type FoldFailure } from './fold-key.ts';
import { applyEvent, fromStored, newDocument, type LiveDocument } from './live-document.ts';
import { commit, renderContext, type Engine, type Model, type Written } from './model.ts';
import { renderDocument } from './render.ts';
import { DAMAGED, settleFailed } from './settle-failed.ts';
import { closeDays } from './wake.ts';

/** Folds and commits a batch; rejects (and changes nothing that is not committed) when a store fails. */
export const foldBatch = async (
  model: Model,
  engine: Engine,
  batches: readonly LaneBatch[],
): Promise<void> => {
  const sorted = sortArrivals(model, engine.codec, batches);
  const standing = standingAfter(model, sorted);
  const { arrivals, settled, rows } = await refoldMerged(model, engine, sorted, standing);
  const documents = await takeDocuments(model, arrivals);
  const failed = new Map<string, FoldFailure>();
  const touched = new Map<string, readonly LiveDocument[]>();
  for (const customer of arrivals.customers.values()) {
    const outcome = foldCustomer(model, customer, documents);
    if (outcome.failure === null) touched.set(customer.key, outcome.documents);
    else failed.set(customer.key, outcome.failure);
  }
  const written = [...settled.written, ...(await render(model, engine, arrivals, touched, failed))];
  const park: ParkedRow[] = [...arrivals.waiting.values(), ...settled.park];
  const stale: DocumentWrite[] = [...settled.documents];
  for (const [key, failure] of failed) {
    const customer = arrivals.customers.get(key);
    if (customer === undefined) continue;
    const alone = await settleFailed(model, engine, customer, failure, standing);
    if (alone.row !== null) park.push(alone.row);
    written.push(...alone.written);
    stale.push(...alone.stale);
  }
  const { checkpoints } = arrivals;
  const { remove, unpark } = settled;
  if (checkpoints.length > 0)
    await commit(model, written, { checkpoints, park, documents: stale, remove, unpark, absorptions: rows });
  if (arrivals.closings.size > 0) await closeDays(model, engine, arrivals.closings);
};

/** Documents by id; null for one whose stored body cannot be read: its customer is folded anew. */
type Documents = Map<string, LiveDocument | null>;

const takeDocuments = async (model: Model, arrivals: Arrivals): Promise<Documents> => {
  const documents: Documents = new Map();
  const missing: string[] = [];
  for (const { events } of arrivals.customers.values())
    for (const { documentId } of events) {
      if (documents.has(documentId)) continue;
      const hot = model.hot.take(documentId);
      documents.set(documentId, hot ?? null);
      if (hot === undefined) missing.push(documentId);
    }
  if (missing.length === 0) return documents;
  const stored = await model.generation.load(missing);
  for (const id of missing) {
    const found = stored.get(id);
    if (found === undefined) documents.delete(id);
    else documents.set(id, readable(model, found));
  }
  return documents;
};

const readable = (model: Model, stored: StoredDocument): LiveDocument | null => {
  try {
    // Nobody has absorbed this customer, or he would be folded anew: the redirect is damage.
    return stored.redirect === null ? fromStored(model.rules, stored) : null;
  } catch {
    return null; // damaged in the store: the log knows better, and `foldCustomer` asks for a re-fold
  }
};

type Outcome =
  | { readonly documents: readonly LiveDocument[]; readonly failure: null }
  | { readonly failure: FoldFailure };

const foldCustomer = (model: Model, customer: CustomerArrivals, documents: Documents): Outcome => {
  if (customer.failure !== null) return { failure: customer.failure };
  const touched = new Set<LiveDocument>();
  const { key, partition } = customer;
  for (const [i, { documentId, event }] of customer.events.entries()) {
    let document = documents.get(documentId);
    if (document === undefined)
      documents.set(documentId, (document = newDocument(model.rules, { id: documentId, key, partition })));
    const { source, position } = event;
    if (document === null) return { failure: failureAt(source, position, DAMAGED) };
    try {
      if (applyEvent(model.rules, document, event)) touched.add(document);
    } catch (error) {
      const later = customer.events.slice(i + 1);
      return {
        failure: later.reduce(
          (failure, { event: one }) => withLater(failure, one.source, one.position),
          failureAt(source, position, error),
        ),
      };
    }
  }
  return { documents: [...touched], failure: null };
};

/** Renders customer by customer: what fails for one of a customer's documents holds all of them. */
const render = async (
  model: Model,
  engine: Engine,
  arrivals: Arrivals,
  touched: ReadonlyMap<string, readonly LiveDocument[]>,
  failed: Map<string, FoldFailure>,
): Promise<readonly Written[]> => {
  const context = await renderContext(engine, model.rules, [...touched.values()].flat());
  const written: Written[] = [];
  for (const [key, documents] of touched) {
    try {
      const rendered = documents.map((live) => ({
        live,
        write: renderDocument(model.rules, live, { ...context, day: model.days.get(live.partition) }),
      }));
      for (const one of rendered) written.push(one);
    } catch (error) {
      const last = arrivals.customers.get(key)?.events.at(-1)?.event;
      if (last === undefined) throw error;
      failed.set(key, failureAt(last.source, last.position, error));
    }
  }
  return written;
};
