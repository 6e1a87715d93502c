// A replay as operators watch it.
import type { GenerationInfo } from '@tenure/read-models';
import type { ReplayStatus } from '../control.ts';

export type ReplayJob = {
  readonly id: string;
  status(): ReplayStatus;
  update(change: Partial<Omit<ReplayStatus, 'id'>>): void;
  /** Counts the events read; the rate is that of the build until now. */
  progress(events: number, done: number, now: number): void;
  /** Resolves with the next change, or after `ms`. */
  next(ms: number): Promise<void>;
};

/** The id of the replay that made a generation: known also after a restart. */
export const replayId = (projection: string, generation: number): string => `${projection}.g${generation}`;

type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export const replayJob = (info: GenerationInfo, activate: boolean, now: number, pause: Pause): ReplayJob => {
  let status = statusOf(info, activate);
  let wake = new AbortController();
  const update: ReplayJob['update'] = (change) => {
    status = { ...status, ...change };
    wake.abort();
    wake = new AbortController();
  };
  return {
    id: status.id,
    status: () => status,
    update,
    progress(events, done, at) {
      const seconds = Math.max(0.001, (at - now) / 1000);
      const rate = Math.round(done / seconds);
      update({
        events,
        done: Math.round(done),
        rate,
        etaSeconds: rate === 0 ? null : Math.ceil((events - done) / rate),
      });
    },
    next: (ms) => pause(ms, wake.signal),
  };
};

/** What is known of a replay from its generation alone. */
export const statusOf = (info: GenerationInfo, activate = false): ReplayStatus => ({
  id: replayId(info.model, info.generation),
  projection: info.model,
  generation: info.generation,
  activate,
  state: info.state,
  events: 0,
  done: 0,
  rate: 0,
  etaSeconds: null,
  digest: null,
  day: null,
  verified: info.verified,
  error: info.error,
});
