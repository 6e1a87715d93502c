// The build of a generation as a step of its replay: planned where the log stands, run where the composition wants it.
import { TenureError } from '@tenure/core';
import type { GenerationInfo } from '@tenure/read-models';
import type { BuildJob, BuildProgress, BuildResult } from '../build/build-job.ts';
import { isStorm } from '../parking.ts';
import { parkedRows } from '../parked-rows.ts';
import type { ReplayJob } from './replay-job.ts';
import { nameOf, type Runner, type RunnerEngine } from './runner.ts';

/** @throws BUILD_EMPTY, BUILD_STORM, STOPPING, and what the build throws */
export const buildGeneration = async (
  runner: Runner,
  { generation }: GenerationInfo,
  job: ReplayJob,
): Promise<void> => {
  const { engine, rules } = runner;
  const result = await engine.buildQueue(async () => {
    if (engine.stop.aborted) throw stopping();
    const heads = [];
    for (const source of rules.topics)
      for (let partition = 0; partition < engine.log.partitions; partition++)
        heads.push({ source, partition, seq: await engine.log.head({ source, partition }) });
    const parked = await parkedRows(runner);
    const now = engine.clock.now();
    return orStopped(
      engine,
      {
        projection: nameOf(runner),
        generation,
        heads,
        released: parked.filter(({ skipped }) => skipped !== null),
        now,
      },
      job,
    );
  });
  job.update({ events: result.events, done: result.events, etaSeconds: 0 });
  if (result.documents === 0 && (await activeDocuments(runner)) > 0)
    throw new TenureError(
      'BUILD_EMPTY',
      'The build has no documents, the active generation has: is the log complete?',
    );
  if (result.parked > 0) await refuseStorm(runner, generation, result.documents);
};

/** A build that honours the signal ends within a breath; one in a worker is left to whoever stops the worker. */
const STOP_GRACE_MS = 1_000;

const orStopped = async (engine: RunnerEngine, plan: BuildJob, job: ReplayJob): Promise<BuildResult> => {
  const progress = ({ events, done }: BuildProgress): void => job.progress(events, done, engine.clock.now());
  const over = new AbortController();
  const built = engine.build(plan, progress, engine.stop).finally(() => over.abort());
  const gone = Promise.withResolvers<never>();
  const abandon = async (): Promise<void> => {
    await engine.pause(STOP_GRACE_MS, over.signal);
    gone.reject(stopping());
  };
  const onStop = (): void => void abandon();
  if (engine.stop.aborted) onStop();
  engine.stop.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([built, gone.promise]);
  } finally {
    engine.stop.removeEventListener('abort', onStop);
  }
};

export const stopping = (): TenureError =>
  new TenureError('STOPPING', 'The process stops; the next start takes the build up again.');

const activeDocuments = async (runner: Runner): Promise<number> => {
  const { serving, engine, rules } = runner;
  if (serving === null) return 0;
  const reader = await engine.readModels.openReader(rules.shape, serving.generation);
  try {
    return (await reader.stats()).documents;
  } finally {
    await reader.close();
  }
};

const refuseStorm = async (runner: Runner, generation: number, documents: number): Promise<void> => {
  const { engine, rules } = runner;
  const reader = await engine.readModels.openReader(rules.shape, generation);
  try {
    if (isStorm(await reader.parked(), documents, engine.clock.now()))
      throw new TenureError(
        'BUILD_STORM',
        'So many customers were parked by the build that the code must be wrong.',
      );
  } finally {
    await reader.close();
  }
};
