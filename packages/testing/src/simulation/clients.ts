// Clients that send commands until each is acknowledged: again after errors, lost answers and crashes, with the same key.
import { isTenureError, tenureNamespace, uuid5 } from '@tenure/core';
import type { Caller, CommandRequest } from '@tenure/service-kit';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { SOURCE } from './counter.ts';
import { POISON } from './counters.ts';
import type { Parts } from './boot.ts';
import type { Deployment } from './deployment.ts';
import { lookerAt } from './readers.ts';

const NAMESPACE = tenureNamespace('simulation');
const RETRY_MS = 300;
const THINK_MS = 150;
const RIVALS = 0.4; // of the counters are fed by two clients, who race
const LOOKS = 0.2; // of the commands are looked for in the read model
const REPEATED = 0.15; // of the commands are sent twice at once, as an impatient user does

// Refusals that a client answers by sending again: too many lost races, a twin under way, a counter not started yet.
const COME_AGAIN = ['STALE_REVISION', 'IN_FLIGHT', 'NOT_FOUND'];

/** A command that was acknowledged, with what the answer said. */
export type Acknowledged = {
  readonly key: string;
  readonly counter: string;
  readonly x: number;
  readonly revision: number;
  readonly position: number | null;
};

/** What one client sends to one counter. A rival only feeds a counter that another client starts. */
export type Plan = {
  readonly name: string;
  readonly counter: string;
  readonly customer: string;
  readonly xs: readonly number[];
  readonly rival: boolean;
  /** Sometimes looks at what it has written. */
  readonly looks: boolean;
};

const caller: Caller = {
  sub: 'simulation',
  roles: [`service:${SOURCE}`],
  teams: [],
  actor: { kind: 'process', id: 'simulation' },
};

/** What is sent in one schedule: counters of few customers, so that they meet; in some schedules one event is poison. */
export const plans = (random: Random): readonly Plan[] => {
  const customers = Array.from({ length: 2 + random.below(3) }, (_, i) => uuid5(NAMESPACE, `customer-${i}`));
  const poisoned = random.chance(0.3) ? random.below(2 * customers.length) : -1;
  return Array.from({ length: 2 * customers.length }, (_, i): readonly Plan[] => {
    const xs = drawXs(random, 2);
    if (i === poisoned) xs[1 + random.below(xs.length - 1)] = POISON;
    const counter = uuid5(NAMESPACE, `counter-${i}`);
    // A customer that is parked shows what it was.
    const looks = i % customers.length !== poisoned % customers.length;
    const own = { counter, customer: customers[i % customers.length] ?? '', looks };
    const plan = { ...own, name: `c${i}`, xs, rival: false };
    return random.chance(RIVALS)
      ? [plan, { ...own, name: `r${i}`, xs: drawXs(random, 1), rival: true }]
      : [plan];
  }).flat();
};

const drawXs = (random: Random, least: number): number[] =>
  Array.from({ length: least + random.below(5) }, () => 1 + random.below(500));

const requestOf = ({ name, counter, customer, xs, rival }: Plan, n: number): CommandRequest => {
  const x = xs[n] ?? 0;
  const starts = n === 0 && !rival;
  return {
    service: SOURCE,
    aggregate: 'counter',
    steps: [
      starts
        ? { command: 'StartCounter', body: { counterId: counter, customerId: customer, x } }
        : { command: 'FeedCounter', body: { x } },
    ],
    ...(!starts && { id: counter }),
    key: `${name}-${n}`,
    principal: caller.sub,
    route: starts ? '/api/counters' : '/api/counters/{id}/feed-counter',
    caller,
    ifMatch: null,
    backfill: false,
    reactions: false,
  };
};

/** Runs one client to its end; answers what was acknowledged to it. Rejects when a command is refused. */
export const runClient = async (
  scheduler: Scheduler,
  deployment: Deployment<Parts>,
  plan: Plan,
): Promise<readonly Acknowledged[]> => {
  const acknowledged: Acknowledged[] = [];
  const looker = lookerAt(scheduler, deployment, plan.customer);
  for (const [n, x] of plan.xs.entries()) {
    await scheduler.step(`client thinks about ${plan.name}-${n}`, THINK_MS);
    const request = requestOf(plan, n);
    const copies = scheduler.random.chance(REPEATED) ? 2 : 1;
    const answers = await Promise.all(
      Array.from({ length: copies }, () => untilAnswered(scheduler, deployment, request)),
    );
    for (const answer of answers)
      acknowledged.push({ ...answer, key: request.key, counter: plan.counter, x });
    const position = answers[0]?.position ?? null;
    if (plan.looks && position !== null && scheduler.random.chance(LOOKS)) await looker.look(position);
  }
  return acknowledged;
};

const untilAnswered = async (
  scheduler: Scheduler,
  deployment: Deployment<Parts>,
  request: CommandRequest,
): Promise<{ readonly revision: number; readonly position: number | null }> => {
  for (;;) {
    const { buses, died } = await deployment.running();
    const bus = scheduler.random.pick(buses);
    try {
      const answer = await Promise.race([bus.submit(request), died.then(() => null)]);
      if (answer !== null) {
        scheduler.note(`client ${request.key} ACKNOWLEDGED at ${answer.revision}`);
        return answer;
      }
    } catch (error) {
      const again = isTenureError(error) && (error.retriable || COME_AGAIN.includes(error.code));
      if (!again) throw error;
    }
    await scheduler.step('client sends again', RETRY_MS);
  }
};
