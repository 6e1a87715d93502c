// Walks the walk: step after step against a server whose clock is set, and compares what follows with what has to.
import { addDays, isTenureError } from '@tenure/core';
import { call, type Answer } from '../api.ts';
import type { Server } from '../server.ts';
import { differences, type Difference } from './differences.ts';
import { eventReader, missingAndExtra, type EventReader } from './events.ts';
import { readResource, sendCommand } from './requests.ts';
import type { Expectation, Known, WalkEvent, WalkRole, WalkStep } from './step.ts';

/** What reactions still owe has to be there by then (ms). */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 20;

export type WalkDeps = {
  /** The server as it can be reached now, with a token of each role. */
  readonly servers: () => Readonly<Record<WalkRole, Server>>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of each step when it is done. */
  readonly done?: (result: StepResult) => void;
  /** Called when the requests of a step are answered, before anybody looks at what follows: a test breaks things here. */
  readonly sent?: (step: WalkStep) => Promise<void>;
};

export type SentRequest = { readonly method: string; readonly path: string; readonly status: number };
export type Problem = Difference & { readonly where: string };

export type StepResult = {
  readonly row: number;
  readonly on: string;
  readonly what: string;
  readonly requests: readonly SentRequest[];
  readonly events: readonly string[];
  /** What was read afterwards, and what it was compared with. */
  readonly after: readonly { readonly get: string; readonly has: object | null }[];
  readonly problems: readonly Problem[];
};

/** All steps, in order, whatever some of them come to. */
export const runWalk = async (steps: readonly WalkStep[], deps: WalkDeps): Promise<readonly StepResult[]> => {
  const results: StepResult[] = [];
  const reader = eventReader(() => deps.servers().admin);
  let known: Known = {};
  let day: string | null = null;
  for (const step of steps) {
    const requests: SentRequest[] = [];
    if (day !== null && step.on > day) requests.push(await closeThrough(deps, addDays(step.on, -1)));
    day = step.on;
    const walked = await walkStep(step, known, { deps, reader, requests });
    known = { ...known, ...walked.known };
    results.push(walked.result);
    deps.done?.(walked.result);
  }
  return results;
};

type Walking = { readonly deps: WalkDeps; readonly reader: EventReader; readonly requests: SentRequest[] };

const walkStep = async (
  step: WalkStep,
  known: Known,
  { deps, reader, requests }: Walking,
): Promise<{ readonly known: Known; readonly result: StepResult }> => {
  const problems: Problem[] = [];
  const server = deps.servers()[step.role];
  for (const [i, command] of (step.commands?.(known) ?? []).entries()) {
    const key = `walk-${step.row}${i === 0 ? '' : `-${i + 1}`}`;
    const { sent, problem } = await sendCommand(server, command, key);
    requests.push(sent);
    if (problem !== null) problems.push(problem);
  }
  if (step.close !== undefined) requests.push(await closeThrough(deps, step.close));
  await deps.sent?.(step);
  const events = await expectedEvents(step, known, reader, deps);
  problems.push(...missingAndExtra(step.events(known), events));
  const learnt = learntFrom(step, events, problems);
  const expectations = step.after?.({ ...known, ...learnt }) ?? [];
  for (const expectation of expectations) problems.push(...(await settles(expectation, reader, deps)));
  return {
    known: learnt,
    result: {
      row: step.row,
      on: step.on,
      what: step.what,
      requests,
      events: events.map(({ type }) => type),
      after: expectations.map(({ get, has }) => ({ get, has: has ?? null })),
      problems,
    },
  };
};

const learntFrom = (step: WalkStep, events: readonly WalkEvent[], problems: Problem[]): Known => {
  try {
    return step.learn?.(events) ?? {};
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problems.push({ where: 'events', path: '', expected: error.message, found: null });
    return {};
  }
};

/** Waits for the events that have to follow; those that are there when patience ends. */
const expectedEvents = async (
  step: WalkStep,
  known: Known,
  reader: EventReader,
  deps: WalkDeps,
): Promise<readonly WalkEvent[]> => {
  const events: WalkEvent[] = [];
  await until(deps, async () => {
    events.push(...(await reader.next()));
    return missingAndExtra(step.events(known), events).length === 0;
  });
  return events;
};

/** What is still wrong with an answer when patience ends; each read sees what the events so far have caused. */
const settles = async (
  expectation: Expectation,
  reader: EventReader,
  deps: WalkDeps,
): Promise<readonly Problem[]> => {
  let problems: readonly Problem[] = [];
  await until(deps, async () => {
    const answer = await readResource(deps.servers().admin, expectation.get, reader.positions());
    problems = wrongWith(expectation, answer);
    return problems.length === 0;
  });
  return problems;
};

const wrongWith = (
  { get, status = 200, has, location }: Expectation,
  answer: { readonly status: number; readonly location: string | null; readonly body: unknown },
): readonly Problem[] => {
  const found = [
    ...differences(status, answer.status, '(status)'),
    ...(location === undefined ? [] : differences(location, answer.location, '(location)')),
    ...(has === undefined ? [] : differences(has, answer.body)),
  ];
  return found.map((difference) => ({ where: `GET ${get}`, ...difference }));
};

/** Looks until it holds, or until patience ends. */
const until = async ({ now, sleep }: WalkDeps, holds: () => Promise<boolean>): Promise<void> => {
  const end = now() + PATIENCE_MS;
  for (;;) {
    if ((await holds()) || now() >= end) return;
    await sleep(LOOK_AGAIN_MS);
  }
};

const closeThrough = async ({ servers }: WalkDeps, date: string): Promise<SentRequest> => {
  const path = '/ops/clock';
  try {
    const answer: Answer = await call(servers().admin, 'POST', path, { closeThrough: date });
    return { method: 'POST', path: `${path} closeThrough ${date}`, status: answer.status };
  } catch (error) {
    const status = isTenureError(error) ? error.data['status'] : undefined;
    if (typeof status !== 'number') throw error;
    return { method: 'POST', path: `${path} closeThrough ${date}`, status };
  }
};
