// The projection engine of a process: opens every projection, keeps it following the log, and answers operators.
import type { Clock } from '@tenure/core';
import { timerPause, type EventLog, type Pause } from '@tenure/event-log';
import type { Codec } from '@tenure/events';
import type { KeyStore } from '@tenure/keys';
import type { ReadModels } from '@tenure/read-models';
import type { Build } from './build/build-job.ts';
import { inlineBuild } from './build/inline-build.ts';
import type { ProjectionControl } from './control.ts';
import { projectionControl } from './control-of.ts';
import type { ProjectionDefinition } from './definition.ts';
import { exclusive } from './exclusive.ts';
import { openRunner } from './generations/open.ts';
import { retireOld } from './generations/retire.ts';
import type { Alarm, Runner, RunnerEngine } from './generations/runner.ts';
import type { Progress } from './reader.ts';
import { compileRules } from './rules.ts';
import { replayDesk } from './replay-desk.ts';
import type { SearchHashes } from './search-index.ts';
import { loopStatus, type Backlog, type LoopStatus } from './status.ts';
import { watermarkFeed } from './watermark-feed.ts';

export type ProjectionsOptions = {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly codec: Codec;
  readonly keys: Pick<KeyStore, 'load'>;
  /** Hashes personal values for the search: `searchHashes` of packages/events with pepper and region. */
  readonly searchHashes: SearchHashes;
  readonly definitions: readonly { readonly definition: ProjectionDefinition; readonly codeHash: string }[];
  /** Wall time (ms), for lag, ages and states; documents never depend on it. */
  readonly clock: Clock;
  /** Default: in this thread, in slices that let everything else have its turn. */
  readonly build?: Build;
  /** Told after each commit of a served generation and after each activation: pass it to `ProjectionReader.advance`. */
  readonly onProgress?: (progress: Progress) => void;
  readonly onAlarm?: (alarm: Alarm) => void;
  /** Whether the changed documents of a projection are to be named in its progress; default: never. */
  readonly isHeard?: (projection: string) => boolean;
  /** What the stores hold and the log has not got yet; default: nothing. */
  readonly backlog?: Backlog;
  readonly pause?: Pause;
};

export type Projections = {
  readonly control: ProjectionControl;
  /** One entry per projection, for readiness. */
  health(): Promise<readonly LoopStatus[]>;
  /** Finishes what is at hand, commits, and closes the generations. */
  stop(): Promise<void>;
};

/** How often old standby generations are looked for. */
const RETIRE_EVERY_MS = 3_600_000;

/** Starts the engine; resolves when every projection serves what it can serve at once. Builds go on afterwards. */
export const startProjections = async (options: ProjectionsOptions): Promise<Projections> => {
  const { definitions, backlog = () => 0, pause = timerPause } = options;
  const feed = watermarkFeed(options.log);
  const stopping = new AbortController();
  const engine: RunnerEngine = {
    ...options,
    pause,
    feed,
    build: options.build ?? inlineBuild(options),
    buildQueue: exclusive(),
    onProgress: options.onProgress ?? (() => {}),
    onAlarm: options.onAlarm ?? (() => {}),
    isHeard: options.isHeard ?? (() => false),
    stop: stopping.signal,
  };
  const runners = new Map<string, Runner>();
  const replays = replayDesk(runners);
  for (const { definition, codeHash } of definitions) {
    const rules = compileRules(definition, codeHash, options.codec);
    const runner: Runner = { engine, rules, serving: null, candidate: null, moving: exclusive() };
    runners.set(definition.name, runner);
    const replay = await openRunner(runner);
    if (replay !== null) replays.accept(runner, replay);
  }
  const control = projectionControl({ runners, replays, backlog });
  const retiring = keepRetiring([...runners.values()], pause, stopping.signal);
  return {
    control,
    health: () => Promise.all([...runners.values()].map((runner) => loopStatus(runner, backlog))),
    async stop() {
      stopping.abort();
      feed.stop();
      await Promise.all([...runners.values()].map(stopRunner));
      await Promise.all([retiring, replays.settled()]);
      await Promise.all([...runners.values()].map(stopRunner)); // what a replay opened while it was being stopped
    },
  };
};

const stopRunner = async (runner: Runner): Promise<void> => {
  const { serving, candidate } = runner;
  runner.serving = null;
  runner.candidate = null;
  await serving?.following?.stop();
  await candidate?.stop();
};

const keepRetiring = async (runners: readonly Runner[], pause: Pause, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    for (const runner of runners) await retireOld(runner);
    await pause(RETIRE_EVERY_MS, signal);
  }
};
