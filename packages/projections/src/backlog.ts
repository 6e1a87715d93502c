// Far behind the log (a restart after a long stop, a generation just built): one partition after the other in large
// batches, so that a document with many waiting events is written once.
import type { EventLog, Lane, LaneBatch } from '@tenure/event-log';
import type { Model } from './model.ts';

/** From this lag on it pays to leave the order of arrival. */
const FAR_BEHIND = 50_000;
// A customer has about ten events: this many make some thousand documents per commit. Twice as many are a fifth faster
// and take 100 MB more.
const BACKLOG_EVENTS = 20_000;
const BACKLOG_BYTES = 32 * 1024 * 1024;
/** Records per read: what one read holds of other work of this thread. */
const READ_RECORDS = 5_000;

/** Folds until the model is no longer far behind. Rejects when a batch does: what was folded before stays. */
export const foldBacklog = async (
  log: EventLog,
  model: Model,
  fold: (batches: readonly LaneBatch[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const { topics } = model.rules;
  for (;;) {
    const lags = await lagByPartition(log, model, topics);
    if (lags.reduce((sum, lag) => sum + lag, 0) < FAR_BEHIND) return;
    for (const [partition, lag] of lags.entries())
      for (let left = lag; left > 0 && !signal.aborted;) {
        const batches = await nextBatches(log, model, topics, partition);
        const events = batches.reduce((sum, { records }) => sum + records.length, 0);
        if (events === 0) break;
        await fold(batches);
        left -= events;
      }
    if (signal.aborted) return;
  }
};

const lagByPartition = async (log: EventLog, model: Model, topics: readonly string[]): Promise<number[]> => {
  const lags: number[] = [];
  for (let partition = 0; partition < log.partitions; partition++) {
    let lag = 0;
    for (const source of topics)
      lag += (await log.head({ source, partition })) - model.lanes.seq({ source, partition });
    lags.push(lag);
  }
  return lags;
};

const nextBatches = async (
  log: EventLog,
  model: Model,
  topics: readonly string[],
  partition: number,
): Promise<readonly LaneBatch[]> => {
  const batches: LaneBatch[] = [];
  let events = BACKLOG_EVENTS;
  let bytes = BACKLOG_BYTES;
  for (const source of topics) {
    const lane: Lane = { source, partition };
    for (let next = model.lanes.seq(lane) + 1; events > 0 && bytes > 0;) {
      const records = await log.read(lane, next, Math.min(READ_RECORDS, events));
      if (records.length === 0) break;
      batches.push({ lane, records });
      events -= records.length;
      for (const { body } of records) bytes -= body.length;
      next += records.length;
    }
  }
  return batches;
};
