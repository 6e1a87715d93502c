// Time in summaries: when a day closes, the documents that change by it are rewritten, and no others.
import type { LaneCheckpoint, ParkedRow } from '@tenure/read-models';
import type { Closing } from './arrivals.ts';
import { CLOCK_SOURCE, type Day } from './day.ts';
import { standingOf } from './fresh.ts';
import { fromStored, type LiveDocument } from './live-document.ts';
import { failureAt } from './fold-key.ts';
import { commit, hasDayToClose, renderContext, type Engine, type Model, type Written } from './model.ts';
import { renderDocument } from './render.ts';
import { DAMAGED, settleFailed } from './settle-failed.ts';

/** Documents per commit: a day at which all documents change must not hold the loop or the memory. */
const WAKE_PAGE = 1_000;

/**
 * Moves partitions to their newly closed day. Pages are committed on the way, the clock's checkpoint with the last one:
 * after a crash the day comes again and finds only what is still due.
 */
export const closeDays = async (
  model: Model,
  engine: Engine,
  closings: ReadonlyMap<number, Closing>,
): Promise<void> => {
  let pending: Page = EMPTY;
  let checkpoints: LaneCheckpoint[] = [];
  const days = new Map<number, Day>();
  const flush = async (): Promise<void> => {
    const { written, park, stale } = pending;
    await commit(model, written, { checkpoints, park, documents: stale });
    for (const [partition, day] of days) model.days.set(partition, day);
    pending = EMPTY;
    checkpoints = [];
    days.clear();
  };
  for (const [partition, { day, checkpoint }] of closings) {
    for (;;) {
      const ids = await model.generation.due(partition, day.end, WAKE_PAGE);
      if (ids.length > 0)
        pending = joined(pending, await wakePage(model, engine, ids, { partition, day, checkpoint }));
      if (ids.length < WAKE_PAGE) break;
      await flush(); // `due` answers from what is committed
      model.betweenDays = true;
    }
    checkpoints.push(checkpoint);
    days.set(partition, day);
    if (pending.written.length >= WAKE_PAGE) await flush();
  }
  await flush();
  if (model.betweenDays) model.betweenDays = await hasDayToClose(engine, model.lanes);
};

type Page = {
  readonly written: readonly Written[];
  readonly park: readonly ParkedRow[];
  readonly stale: Awaited<ReturnType<typeof settleFailed>>['stale'];
};
const EMPTY: Page = { written: [], park: [], stale: [] };

const joined = (a: Page, b: Page): Page => ({
  written: [...a.written, ...b.written],
  park: [...a.park, ...b.park],
  stale: [...a.stale, ...b.stale],
});

type Woken = Closing & { readonly partition: number };

const wakePage = async (
  model: Model,
  engine: Engine,
  ids: readonly string[],
  woken: Woken,
): Promise<Page> => {
  const { documents, damaged } = await due(model, ids);
  const context = { ...(await renderContext(engine, model.rules, documents)), day: woken.day };
  const written: Written[] = [];
  const failed = new Map<string, unknown>(damaged.map((key) => [key, DAMAGED]));
  for (const live of documents) {
    try {
      written.push({ live, write: renderDocument(model.rules, live, context) });
    } catch (error) {
      failed.set(live.key, error);
    }
  }
  let page: Page = { ...EMPTY, written: written.filter(({ live }) => !failed.has(live.key)) };
  const standing = { ...standingOf(model), day: () => woken.day };
  for (const [key, error] of failed) {
    const failure = failureAt(CLOCK_SOURCE, woken.checkpoint.position, error);
    const customer = { key, partition: woken.partition };
    const settled = await settleFailed(model, engine, customer, failure, standing);
    page = joined(page, { ...settled, park: settled.row === null ? [] : [settled.row] });
  }
  return page;
};

const due = async (
  model: Model,
  ids: readonly string[],
): Promise<{ readonly documents: readonly LiveDocument[]; readonly damaged: readonly string[] }> => {
  const documents: LiveDocument[] = [];
  const damaged: string[] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const hot = model.hot.take(id);
    if (hot === undefined) missing.push(id);
    else documents.push(hot);
  }
  if (missing.length > 0)
    for (const stored of (await model.generation.load(missing)).values()) {
      try {
        documents.push(fromStored(model.rules, stored));
      } catch {
        damaged.push(stored.key); // `settleFailed` computes it anew from the log
      }
    }
  return { documents, damaged };
};
