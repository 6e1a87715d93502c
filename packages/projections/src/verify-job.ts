// A verification as operators watch it.
import type { VerifyStatus } from './control.ts';
import { digestOf } from './digest.ts';
import { businessDayOf } from './generations/following.ts';
import { nameOf, writable, type Runner } from './generations/runner.ts';
import { messageOf } from './parking.ts';
import { verifyModel, type VerifyScope } from './verify.ts';

export type VerifyJob = {
  status(): VerifyStatus;
  /** Resolves with the next change of its state, or after `ms`. */
  next(ms: number): Promise<void>;
};

/** Starts a verification of the served generation. @throws ILLEGAL_STATE while there is none to verify. */
export const startVerification = (runner: Runner, id: string, scope: VerifyScope): VerifyJob => {
  const { model } = writable(runner);
  const { engine } = runner;
  const ended = new AbortController();
  let status: VerifyStatus = {
    id,
    projection: nameOf(runner),
    state: 'running',
    checked: 0,
    differences: [],
    digest: null,
    day: null,
    error: null,
  };
  const run = async (): Promise<void> => {
    const found = await verifyModel(model, engine, scope, (checked) => {
      status = { ...status, checked };
    });
    const { revision } = model;
    const digest = await digestOf(model.generation, () => model.revision !== revision);
    status = { ...status, ...found, state: 'done', digest, day: businessDayOf(model, engine.log.partitions) };
  };
  void run()
    .catch((error: unknown) => {
      status = { ...status, state: 'failed', error: messageOf(error) };
    })
    .finally(() => ended.abort());
  return {
    status: () => status,
    next: (ms) => (status.state === 'running' ? engine.pause(ms, ended.signal) : Promise.resolve()),
  };
};
