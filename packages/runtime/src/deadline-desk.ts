// The deadlines of all write services as one: fired in the order of their time before a business day closes, and when it
// has closed; answered when all that follows from them is done.
import { timerPause } from '@tenure/event-log';
import type { EventStore } from '@tenure/event-store';
import type { SettableClock } from '@tenure/core';
import type { DeadlineDesk, Logger } from '@tenure/http';
import type { ProjectionReader } from '@tenure/projections';
import { fireTogether, runDeadlines, type CommandBus, type ServiceDefinition } from '@tenure/service-kit';
import { hearOfDeadlines } from './reaction-news.ts';

/** Also stops. */
export type RunningDesk = DeadlineDesk & { stop(): Promise<void> };

type Parts = {
  readonly services: readonly ServiceDefinition[];
  readonly stores: (source: string) => EventStore;
  readonly reader: ProjectionReader;
  readonly submit: CommandBus['submit'];
  readonly clock: SettableClock;
  readonly settable: boolean;
  readonly zone: string;
  readonly logger: Logger;
  /** Resolves when all reactions are done with what there is. */
  readonly settled: () => Promise<void>;
};

/** Starts the deadlines of every service that has some. */
export const openDeadlineDesk = (parts: Parts): RunningDesk => {
  const running = parts.services
    .filter(({ deadlines }) => deadlines !== undefined)
    .map((service) => runDeadlines(depsOf(parts, service)));
  const together = fireTogether(running, parts.settled);
  return {
    fireUntil: together.fireUntil,
    dayClosed: together.fireDay,
    async stop() {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
};

const depsOf = (
  { stores, reader, submit, clock, settable, zone, logger }: Parts,
  service: ServiceDefinition,
): Parameters<typeof runDeadlines>[0] => {
  const sources = [...new Set(service.aggregates.map(({ source }) => source ?? service.name))];
  return {
    service,
    reader,
    submit,
    clock,
    zone,
    heads: async () => {
      const heads = await Promise.all(sources.map((source) => stores(source).head()));
      return Object.fromEntries(sources.map((source, i) => [source, heads[i]?.position ?? 0]));
    },
    pause: timerPause,
    ...(settable && { advanceTo: (instant: number) => clock.set(Math.max(instant, clock.now())) }),
    observe: hearOfDeadlines(logger, service.name),
  };
};
