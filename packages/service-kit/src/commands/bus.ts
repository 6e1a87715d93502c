// The command bus: the way of one command through the checks of HTTP §2, in their order, to a durable append.
import type { KeyObject } from 'node:crypto';
import { dateAt, isTenureError, type Clock } from '@tenure/core';
import type { Codec } from '@tenure/events';
import type { EventStore } from '@tenure/event-store';
import type { KeyStore } from '@tenure/keys';
import type { CommandBus, CommandRequest, CommandResult } from '../command.ts';
import type { ContextSources, Lookups, ServiceDefinition } from '../definition.ts';
import type { Policies } from '../policies.ts';
import { createCreatingKeys } from './creating-keys.ts';
import { createDataKeys } from './data-keys.ts';
import { bodyHasher } from './identity.ts';
import { createInFlight } from './in-flight.ts';
import { planCommand, type Plan, type PlanDeps } from './plan.ts';
import { directoryOf, prepare, type Prepared } from './prepare.ts';
import { overloaded, staleRevision } from './refusals.ts';
import { contextSources } from './sources.ts';
import { viewStream } from './view.ts';
import { createStreams, currentOf, type Expected, type LoadedStream, type Streams } from './streams.ts';
import { asStored } from './decide.ts';
import { createTurns } from './turns.ts';

/** Beyond it a queue only adds waiting: senders are told to come back (HTTP §4). */
export const MAX_IN_FLIGHT = 1024;
/** A command that lost this many races in a row meets a stream too busy to wait for (HTTP §2). */
export const MAX_LOST_RACES = 3;

export type CommandBusDeps = {
  readonly services: readonly ServiceDefinition[];
  readonly stores: (source: string) => EventStore;
  readonly codec: Codec;
  readonly keys: Pick<KeyStore, 'ensure' | 'load'>;
  readonly policies: Policies;
  readonly lookups: (service: string) => Lookups;
  /** Business time; not finite: nobody has said yet where it stands. */
  readonly clock: Clock;
  /** Machine time: `recordedAt`. */
  readonly wallClock: Clock;
  /** IANA zone of business dates. */
  readonly zone: string;
  readonly secrets: { readonly pepper: KeyObject; readonly bodyKey: KeyObject };
  /** Resolves after so many ms. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly inFlightLimit?: number;
};

/** The way into the write services of this process. */
export const createCommandBus = (deps: CommandBusDeps): CommandBus => {
  const directory = directoryOf(deps.services);
  const streams = createStreams(deps);
  const planDeps = planDepsOf(deps, streams);
  const turns = createTurns();
  const inFlight = createInFlight(deps.sleep);
  const creatingKeys = createCreatingKeys();
  const bodyHash = bodyHasher(deps.secrets.bodyKey);
  const announced = announcements((request) => prepare(request, directory, bodyHash), streams);
  const limit = deps.inFlightLimit ?? MAX_IN_FLIGHT;
  let running = 0;

  const once = async ({ prepared, stream }: Announced): Promise<CommandResult> => {
    for (let other = inFlight.other(prepared); other !== undefined; other = inFlight.other(prepared))
      await other;
    const forget = creatingKeys.enter(prepared);
    inFlight.enter(prepared);
    try {
      return await turns.take(prepared.address.stream, () =>
        handle(deps, planDeps, streams, prepared, stream),
      );
    } catch (error) {
      forget();
      throw error;
    } finally {
      inFlight.leave(prepared);
    }
  };

  const submit: CommandBus['submit'] = async (request) => {
    if (running >= limit) throw overloaded(limit);
    running++;
    try {
      return await once(announced.take(request));
    } finally {
      running--;
    }
  };

  return {
    submit,
    expect: announced.expect,
    read: (service, aggregate, id, caller, scope) =>
      viewStream(planDeps, streams, { service, ...directory(service, aggregate), id }, caller, scope),
  };
};

/** A command that may have been announced: with its stream on the way. */
type Announced = { readonly prepared: Prepared; readonly stream: Expected | null };

const announcements = (prepareOne: (request: CommandRequest) => Prepared, streams: Streams) => {
  const known = new WeakMap<CommandRequest, Announced>();
  return {
    expect(request: CommandRequest): void {
      try {
        const prepared = prepareOne(request);
        known.set(request, { prepared, stream: streams.expect(prepared.address) });
      } catch {
        // It is prepared again when it is submitted: then somebody waits for the answer.
      }
    },
    take: (request: CommandRequest): Announced =>
      known.get(request) ?? { prepared: prepareOne(request), stream: null },
  };
};

const planDepsOf = (deps: CommandBusDeps, streams: Streams): PlanDeps => {
  const sources = new Map<string, ContextSources>();
  const directory = directoryOf(deps.services);
  const { pepper } = deps.secrets;
  for (const { name } of deps.services)
    sources.set(name, contextSources(name, { ...deps, directory, streams, pepper }));
  const today = (): string => {
    const now = deps.clock.now();
    return dateAt(Number.isFinite(now) ? now : deps.wallClock.now(), deps.zone);
  };
  const sourcesOf = (service: string): ContextSources => {
    const found = sources.get(service);
    if (found === undefined) throw new TypeError(`there is no service ${service}`);
    return found;
  };
  return { ...deps, dataKeys: createDataKeys(deps.keys), sourcesOf, today };
};

/** One command, alone on its stream within this process; other processes are met at the append. */
const handle = async (
  deps: CommandBusDeps,
  planDeps: PlanDeps,
  streams: Streams,
  prepared: Prepared,
  expected: Expected | null,
) => {
  let { stream, current } = await streams.load(prepared.address, expected);
  for (let lost = 0; ;) {
    const plan = await planOrRefusal(planDeps, prepared, stream);
    if (plan.kind === 'answer') return plan.result;
    if (plan.kind === 'write') {
      const written = await append(deps, streams, prepared, stream, plan);
      if (written !== null) return written;
      if (++lost > MAX_LOST_RACES) throw staleRevision(currentOf(stream, prepared.id));
      ({ stream } = await reread(streams, stream));
      current = true;
      continue;
    }
    // What was decided on a cached stream may be old news when others write too: look before saying no.
    if (!current) {
      current = true;
      const tail = await streams.catchUp(stream);
      ({ stream } = tail);
      if (tail.changed) continue;
    }
    if (plan.kind === 'unchanged') return plan.result;
    throw plan.error;
  }
};

type Refused = { readonly kind: 'refused'; readonly error: unknown };

const planOrRefusal = async (
  deps: PlanDeps,
  prepared: Prepared,
  stream: LoadedStream,
): Promise<Plan | Refused> => {
  try {
    return await planCommand(deps, prepared, stream);
  } catch (error) {
    return { kind: 'refused', error };
  }
};

/** The stored answer, or null when the race was lost. */
const append = async (
  deps: CommandBusDeps,
  streams: Streams,
  prepared: Prepared,
  stream: LoadedStream,
  { events, customerId }: Extract<Plan, { kind: 'write' }>,
) => {
  const { address, commandId, bodyHash, id } = prepared;
  const before = stream.revision;
  try {
    const { repeated, ...appended } = await deps
      .stores(address.source)
      .append(address.stream, before < 0 ? 'none' : before, events);
    // Another process was first with this very command: what stands there was decided at another moment.
    if (repeated === true) streams.forget(stream);
    else
      streams.wrote(stream, {
        commandId,
        bodyHash,
        bodies: asStored({ ...stream, revision: before }, events, appended.position),
      });
    return { id, customerId, ...appended, source: address.source, created: before < 0, replay: false };
  } catch (error) {
    if (isTenureError(error, 'WRONG_EXPECTED_REVISION')) return null;
    streams.forget(stream); // it may have been stored all the same: the next command reads
    throw error;
  }
};

/** After a lost race. A store that is behind what is remembered has been put back: then only reading anew is right. */
const reread = async (streams: Streams, stream: LoadedStream) => {
  const tail = await streams.catchUp(stream);
  if (tail.changed) return tail;
  streams.forget(stream);
  return streams.load(stream.address);
};
