// The live loop of one generation: subscribes to the log where the checkpoints stand and folds what comes.
import { backOff, type EventLog, type LaneBatch, type Subscription } from '@tenure/event-log';
import { withinLimits } from './batch-limits.ts';
import { foldBatch } from './fold-batch.ts';
import { resync, type Engine, type Model } from './model.ts';
import { isStorm, messageOf } from './parking.ts';
import { foldBacklog } from './backlog.ts';

export type LoopHealth = {
  /** When the loop last got on: committed, began on something new, or had nothing to do (ms). */
  readonly lastCycle: number;
  /** Why the last attempt failed; null when it went well. The loop tries again. */
  readonly failing: string | null;
};

export type LiveLoop = {
  readonly model: Model;
  health(): LoopHealth;
  /** There is nothing to do: what comes later has not waited since before. */
  idle(): void;
  /** Finishes the batch at hand and ends. */
  stop(): Promise<void>;
};

export type LoopEvents = {
  /** After each commit. */
  readonly moved: () => void;
  /** Too many customers were parked: the loop must be stopped. */
  readonly storm: () => void;
};

/** Starts the loop. A failed batch changes nothing and comes again, with the log's back-off (0.1 → 30 s). */
export const startLoop = async (engine: Engine, model: Model, events: LoopEvents): Promise<LiveLoop> => {
  let health: LoopHealth = { lastCycle: engine.clock.now(), failing: null };
  const stopping = new AbortController();
  const { signal } = stopping;
  const fold = async (batches: readonly LaneBatch[]): Promise<void> => {
    if (signal.aborted) return;
    const parkedBefore = model.parked.size;
    if (health.failing === null) health = { ...health, lastCycle: engine.clock.now() };
    try {
      await resync(engine, model);
      await foldBatch(model, engine, batches);
    } catch (error) {
      health = { ...health, failing: messageOf(error) };
      throw error;
    }
    health = { lastCycle: engine.clock.now(), failing: null };
    events.moved();
    if (model.parked.size > parkedBefore && (await stormy(engine, model))) events.storm();
  };
  const inTurn = (batches: readonly LaneBatch[]): Promise<void> => model.turn(() => fold(batches));
  const subscribed = begin(engine, model, inTurn, signal);
  subscribed.catch((error: unknown) => {
    health = { ...health, failing: messageOf(error) };
  });
  return {
    model,
    health: () => health,
    idle() {
      if (health.failing === null) health = { ...health, lastCycle: engine.clock.now() };
    },
    async stop() {
      stopping.abort();
      const [outcome] = await Promise.allSettled([subscribed]); // a failure stands in the health
      if (outcome.status === 'fulfilled') await outcome.value?.stop();
      await model.turn(async () => {});
    },
  };
};

/** First what is far behind, then the subscription; null when the loop was stopped before. */
const begin = async (
  engine: Engine,
  model: Model,
  fold: (batches: readonly LaneBatch[]) => Promise<void>,
  signal: AbortSignal,
): Promise<Subscription | null> => {
  const { log, pause } = engine;
  const { topics, definition } = model.rules;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await foldBacklog(log, model, fold, signal);
      break;
    } catch {
      await pause(backOff(attempt), signal); // `fold` has noted why
    }
  }
  if (signal.aborted) return null;
  const group = `${definition.name}.g${model.generation.info.generation}`;
  return log.subscribe(
    group,
    topics,
    async (lane) => model.lanes.seq(lane) + 1,
    async (batches) => {
      for (const part of withinLimits(batches)) await fold(part);
    },
  );
};

const stormy = async (engine: Engine, model: Model): Promise<boolean> => {
  const { documents } = await model.generation.stats();
  return isStorm(model.parked.values(), documents, engine.clock.now());
};

/** Records in the lanes that the model has not folded. */
export const lagOf = async (log: Pick<EventLog, 'head' | 'partitions'>, model: Model): Promise<number> => {
  let lag = 0;
  for (const source of model.rules.topics)
    for (let partition = 0; partition < log.partitions; partition++) {
      const lane = { source, partition };
      lag += Math.max(0, (await log.head(lane)) - model.lanes.seq(lane));
    }
  return lag;
};
