// How a projection stands, for operators and for readiness. "No generation" is not "lag 0".
import type { LaneCheckpoint, Reader } from '@tenure/read-models';
import type { ProjectionStatus } from './control.ts';
import { digestOf } from './digest.ts';
import { businessDayOf, type Following } from './generations/following.ts';
import { generationsOf, nameOf, type Runner } from './generations/runner.ts';
import { laneProgress, type LaneProgress } from './lanes.ts';

/** Events that a source's store has and the log has not got yet. */
export type Backlog = (source: string) => Promise<number> | number;

export type Lag = { readonly events: number; readonly seconds: number };

/** Lag of a generation: what its lanes have not folded, and what the log has not got yet. */
export const measureLag = async (runner: Runner, lanes: LaneProgress, backlog: Backlog): Promise<Lag> => {
  const { rules, engine } = runner;
  let events = 0;
  let oldest = Infinity;
  for (const source of rules.topics) {
    events += await backlog(source);
    for (let partition = 0; partition < engine.log.partitions; partition++) {
      const lane = { source, partition };
      const behind = (await engine.log.head(lane)) - lanes.seq(lane);
      if (behind <= 0) continue;
      events += behind;
      const [next] = await engine.log.read(lane, lanes.seq(lane) + 1, 1);
      if (next !== undefined) oldest = Math.min(oldest, recordedAt(runner, next.body));
    }
  }
  const seconds = oldest === Infinity ? 0 : Math.max(0, (engine.clock.now() - oldest) / 1000);
  return { events, seconds: Math.round(seconds * 10) / 10 };
};

const recordedAt = ({ engine }: Runner, body: Uint8Array): number => {
  try {
    return engine.codec.peek(body).recordedAt;
  } catch {
    return Infinity; // an unreadable event is counted; when it was recorded is not known
  }
};

/** Digests by what they were computed from: a pass over the documents is not repeated while nothing moves. */
export type DigestCache = WeakMap<Following, { readonly revision: number; readonly digest: string }>;

/** A busy projection moves while it is being hashed; after so many attempts it counts as behind. */
const DIGEST_ATTEMPTS = 3;

const digestOfFollowing = async (following: Following, cache: DigestCache): Promise<string | null> => {
  const { model } = following;
  for (let attempt = 0; attempt < DIGEST_ATTEMPTS; attempt++) {
    const { revision } = model;
    const known = cache.get(following);
    if (known?.revision === revision) return known.digest;
    const digest = await digestOf(model.generation, () => model.revision !== revision);
    if (digest === null) continue;
    cache.set(following, { revision, digest });
    return digest;
  }
  return null;
};

type StatusOptions = { readonly digest: boolean; readonly backlog: Backlog; readonly digests: DigestCache };

export const statusOfRunner = async (runner: Runner, options: StatusOptions): Promise<ProjectionStatus> => {
  for (;;) {
    const { serving } = runner;
    try {
      return await readStatus(runner, options);
    } catch (error) {
      // Another generation took over and the one that was being read is closed: read that one.
      if (runner.engine.stop.aborted || runner.serving === serving) throw error;
    }
  }
};

const readStatus = async (runner: Runner, options: StatusOptions): Promise<ProjectionStatus> => {
  const { serving, engine, rules } = runner;
  const info = (await generationsOf(runner)).find(({ generation }) => generation === serving?.generation);
  if (serving === null || info === undefined) {
    const lag = await measureLag(runner, laneProgress([]), options.backlog);
    return { ...NOTHING, name: nameOf(runner), lagEvents: lag.events, lagSeconds: lag.seconds };
  }
  const { following } = serving;
  const lanes =
    following?.model.lanes ??
    laneProgress((await readStanding(runner, following, serving.generation)).checkpoints);
  // The lag first: when it is 0, what is counted after it is complete.
  const lag = await measureLag(runner, lanes, options.backlog);
  const { stats } = await readStanding(runner, following, serving.generation);
  const day = following === null ? null : businessDayOf(following.model, engine.log.partitions);
  const digest =
    options.digest && lag.events === 0 && following
      ? await digestOfFollowing(following, options.digests)
      : null;
  return {
    name: rules.definition.name,
    generation: serving.generation,
    state: info.state,
    stale: serving.stale,
    lagEvents: lag.events,
    lagSeconds: lag.seconds,
    documents: stats.documents,
    parked: stats.parked,
    digest,
    day,
  };
};

const NOTHING: Omit<ProjectionStatus, 'name' | 'lagEvents' | 'lagSeconds'> = {
  generation: null,
  state: 'none',
  stale: false,
  documents: 0,
  parked: 0,
  digest: null,
  day: null,
};

type Standing = {
  readonly stats: Awaited<ReturnType<Reader['stats']>>;
  readonly checkpoints: readonly LaneCheckpoint[];
};

const readStanding = async (
  runner: Runner,
  following: Following | null,
  generation: number,
): Promise<Standing> => {
  const reader =
    following?.model.generation ??
    (await runner.engine.readModels.openReader(runner.rules.shape, generation));
  try {
    return { stats: await reader.stats(), checkpoints: await reader.checkpoints() };
  } finally {
    if (following === null) await reader.close();
  }
};

export type LoopStatus = {
  readonly projection: string;
  readonly state: ProjectionStatus['state'];
  readonly lagEvents: number;
  /** When the loop last got on (ms, wall time); null: there is no loop. With lag and no progress for 30 s it stalls. */
  readonly lastCycle: number | null;
  readonly failing: string | null;
  readonly parked: number;
};

/** What readiness looks at: asked often, so nothing here reads documents. */
export const loopStatus = async (runner: Runner, backlog: Backlog): Promise<LoopStatus> => {
  const { serving } = runner;
  const following = serving?.following ?? null;
  const lanes = following?.model.lanes ?? laneProgress([]);
  const lag = await measureLag(runner, lanes, backlog);
  if (lag.events === 0) following?.loop?.idle();
  const health = following?.loop?.health();
  const rows = [...(following?.model.parked.values() ?? [])];
  return {
    projection: nameOf(runner),
    state: stateOf(serving),
    lagEvents: lag.events,
    lastCycle: health?.lastCycle ?? null,
    failing: health?.failing ?? null,
    parked: rows.filter(({ skipped }) => skipped === null).length,
  };
};

const stateOf = (serving: Runner['serving']): LoopStatus['state'] => {
  if (serving === null) return 'none';
  return serving.following !== null && serving.following.loop === null ? 'paused' : 'active';
};
