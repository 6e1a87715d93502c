// Clients that send commands until each is acknowledged: again after errors, lost answers and crashes, with the same key.
import { isTenureError, tenureNamespace, uuid5 } from '@tenure/core';
import { partitionOf } from '@tenure/event-log';
import type { Caller, CommandRequest } from '@tenure/service-kit';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { POISON, SOURCE } from './counter.ts';
import { PARTITIONS, type Deployment } from './deployment.ts';

const NAMESPACE = tenureNamespace('simulation');
const RETRY_MS = 300;
const THINK_MS = 150;
const REPEATED = 0.15; // of the commands are sent twice at once, as an impatient user does

/** A command that was acknowledged, with what the answer said. */
export type Acknowledged = {
  readonly key: string;
  readonly counter: string;
  readonly x: number;
  readonly revision: number;
  readonly position: number | null;
};

export type Plan = { readonly counter: string; readonly customer: string; readonly xs: readonly number[] };

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
  return Array.from({ length: 2 * customers.length }, (_, i) => {
    const xs = Array.from({ length: 2 + random.below(5) }, () => 1 + random.below(500));
    if (i === poisoned) xs[1 + random.below(xs.length - 1)] = POISON;
    const customer = customers[i % customers.length] ?? '';
    return { counter: uuid5(NAMESPACE, `counter-${i}`), customer, xs };
  });
};

export const partitionsUsed = (list: readonly Plan[]): number =>
  new Set(list.map(({ customer }) => partitionOf(customer, PARTITIONS))).size;

const requestOf = ({ counter, customer, xs }: Plan, n: number): CommandRequest => {
  const x = xs[n] ?? 0;
  const starts = n === 0;
  return {
    service: SOURCE,
    aggregate: 'counter',
    steps: [
      starts
        ? { command: 'StartCounter', body: { counterId: counter, customerId: customer, x } }
        : { command: 'FeedCounter', body: { x } },
    ],
    ...(!starts && { id: counter }),
    key: `${counter}-${n}`,
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
  deployment: Deployment,
  plan: Plan,
): Promise<readonly Acknowledged[]> => {
  const acknowledged: Acknowledged[] = [];
  for (const [n, x] of plan.xs.entries()) {
    await scheduler.step(`client thinks about ${plan.counter.slice(0, 4)}-${n}`, THINK_MS);
    const request = requestOf(plan, n);
    const copies = scheduler.random.chance(REPEATED) ? 2 : 1;
    const answers = await Promise.all(
      Array.from({ length: copies }, () => untilAnswered(scheduler, deployment, request)),
    );
    for (const answer of answers)
      acknowledged.push({ ...answer, key: request.key, counter: plan.counter, x });
  }
  return acknowledged;
};

const untilAnswered = async (
  scheduler: Scheduler,
  deployment: Deployment,
  request: CommandRequest,
): Promise<{ readonly revision: number; readonly position: number | null }> => {
  for (;;) {
    const { bus, died } = await deployment.running();
    try {
      const answer = await Promise.race([bus.submit(request), died.then(() => null)]);
      if (answer !== null) {
        scheduler.note(
          `client ${request.key.slice(0, 4)}-${request.key.slice(37)} ACKNOWLEDGED at ${answer.revision}`,
        );
        return answer;
      }
    } catch (error) {
      const again = isTenureError(error) && (error.retriable || error.code === 'IN_FLIGHT');
      if (!again) throw error;
    }
    await scheduler.step('client sends again', RETRY_MS);
  }
};
