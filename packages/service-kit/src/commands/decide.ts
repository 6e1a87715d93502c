// From prepared steps to events ready to be stored: decided one after the other over the state that the one before left.
import {
  dateAt,
  evolve,
  idOfStream,
  isTenureError,
  NOTHING,
  TenureError,
  type CommandContext,
  type EventMap,
  type EventMeta,
  type EventOf,
  type Fact,
  type State,
} from '@tenure/core';
import type { Codec, SealedBlock, StoredBody } from '@tenure/events';
import type { KeyStore } from '@tenure/keys';
import type { NewEvent } from '@tenure/event-store';
import type { ContextSources } from '../definition.ts';
import { eventIdOf } from './identity.ts';
import type { DataKeys } from './data-keys.ts';
import { occurredAtOf, type OccurredAtRules } from './occurred-at.ts';
import type { Prepared, PreparedStep } from './prepare.ts';
import { illegalState } from './refusals.ts';
import { readable } from './sources.ts';
import { exists, type LoadedStream } from './streams.ts';

/** What deciding needs beside the stream. */
export type DecideDeps = {
  readonly codec: Codec;
  readonly dataKeys: DataKeys;
  readonly keys: Pick<KeyStore, 'load'>;
  readonly zone: string;
  readonly sourcesOf: (service: string) => ContextSources;
};

/** Who decides, for whom, and by which clock. `customerId`: null for facts about nobody. */
export type Occasion = {
  readonly customerId: string | null;
  readonly times: OccurredAtRules;
  /** ms by the wall clock. */
  readonly recordedAt: number;
};

/** One append may be this long: it is one transaction and one answer. */
const MAX_EVENTS_PER_COMMAND = 1000;

/** The events of all steps, in order; none: nothing changes. Refusals of a later step carry `step`. */
export const decideSteps = async (
  deps: DecideDeps,
  prepared: Prepared,
  stream: LoadedStream,
  occasion: Occasion,
): Promise<readonly NewEvent[]> => {
  const events: NewEvent[] = [];
  let current: Current = stream;
  let at: number | null = null;
  for (const [i, step] of prepared.steps.entries()) {
    try {
      checkState(prepared, stream, current.state, step.name, events.length);
      // A step of `then` that says nothing happens when the one before it did.
      at = at === null || step.occurredAt !== null ? occurredAtOf(step.occurredAt, occasion.times) : at;
      const facts = await decideStep(deps, prepared, { current, step, at }, occasion);
      const from = events.length;
      await encodeFacts(deps, prepared, facts, at, occasion, events);
      if (i + 1 < prepared.steps.length) current = evolveOver(deps.codec, stream, current, events, from);
    } catch (error) {
      throw i > 0 && isTenureError(error) ? atStep(error, i) : error;
    }
  }
  return events;
};

const checkState = (
  { id, address }: Prepared,
  stream: LoadedStream,
  state: State,
  command: string,
  written: number,
): void => {
  if (address.spec.model.transitions[command]?.includes(state.status)) return;
  const status = exists(stream) || written > 0 ? state.status : NOTHING;
  throw illegalState(address.spec, command, { id, status, revision: stream.revision + written });
};

/** The stream as the steps so far leave it, written or not. */
type Current = Pick<LoadedStream, 'state' | 'revision' | 'key' | 'sealed'>;

type Moment = { readonly current: Current; readonly step: PreparedStep; readonly at: number };

const decideStep = async (
  deps: DecideDeps,
  { id, commandId, request, address: { spec } }: Prepared,
  { current, step, at }: Moment,
  occasion: Occasion,
): Promise<readonly Fact[]> => {
  const base: CommandContext = {
    id,
    customerId: occasion.customerId ?? id,
    now: at,
    today: dateAt(at, deps.zone),
    commandId,
    actor: request.caller.actor,
    roles: request.caller.roles,
  };
  const sources = sourcesAt(deps, request.service, { name: spec.model.name, id, current });
  const more =
    spec.context === undefined
      ? { policies: sources.policies }
      : await spec.context(sources, { name: step.name, data: step.data, base });
  const decider = spec.model.decide[step.name];
  if (decider === undefined) throw new TypeError(`${step.name} has no decider`);
  return decider(current.state, step.data, { ...base, ...more });
};

/** The aggregate that decides is at hand: it is not read again, and seen with what the steps before have decided. */
const sourcesAt = (
  deps: DecideDeps,
  service: string,
  self: { readonly name: string; readonly id: string; readonly current: Current },
): ContextSources => {
  const sources = deps.sourcesOf(service);
  return {
    ...sources,
    read: (aggregate, id) =>
      aggregate === self.name && id === self.id ? readable(deps, self.current) : sources.read(aggregate, id),
  };
};

const encodeFacts = async (
  deps: DecideDeps,
  { commandId, request, address, bodyHash }: Prepared,
  facts: readonly Fact[],
  occurredAt: number,
  occasion: Occasion,
  events: NewEvent[],
): Promise<void> => {
  if (events.length + facts.length > MAX_EVENTS_PER_COMMAND)
    throw new TenureError('TOO_LARGE', 'One command may write 1,000 events. Send several.', {
      limit: MAX_EVENTS_PER_COMMAND,
    });
  const meta = metaOf(request, commandId, bodyHash);
  for (const fact of facts) {
    const id = eventIdOf(commandId, events.length);
    const customerId = occasion.customerId === null ? null : (fact.key ?? occasion.customerId);
    const body = deps.codec.encode(
      {
        id,
        type: fact.type,
        source: address.source,
        occurredAt,
        recordedAt: occasion.recordedAt,
        meta,
        customerId,
        data: fact.data as object,
      },
      customerId !== null && deps.codec.hasPersonalFields(fact.type)
        ? await deps.dataKeys.of(customerId)
        : undefined,
    );
    events.push({
      id,
      type: fact.type,
      key: fact.key ?? occasion.customerId ?? idOfStream(address.stream),
      body,
    });
  }
};

const metaOf = (request: Prepared['request'], commandId: string, bodyHash: string): EventMeta => ({
  commandId,
  correlationId: request.correlationId ?? commandId,
  actor: request.caller.actor,
  bodyHash,
  ...(request.causationId !== undefined && { causationId: request.causationId }),
  ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
  // With reactions asked for, imported events are treated like any other.
  ...(request.backfill && !request.reactions && { backfill: true }),
});

/** Events that will be stored after the stream; their positions are known when they are. */
export const asStored = (
  stream: LoadedStream,
  events: readonly NewEvent[],
  position: number,
): readonly StoredBody[] =>
  events.map(({ key, body }, i) => ({
    position,
    stream: stream.address.stream,
    revision: stream.revision + 1 + i,
    key,
    body,
  }));

/** Read back as any reader would: personal fields are references from here on. `evolve` never looks at positions. */
const evolveOver = (
  codec: Codec,
  stream: LoadedStream,
  { state, key, sealed }: Current,
  events: readonly NewEvent[],
  from: number,
): Current => {
  const fresh = asStored(stream, events, 0)
    .slice(from)
    .map((stored) => codec.decode(stream.address.source, stored));
  const blocks = fresh.flatMap((event): [string, SealedBlock][] =>
    event.sealed === null ? [] : [[event.id, event.sealed]],
  );
  return {
    state: evolve(stream.address.spec.model, state, fresh as EventOf<EventMap>[]),
    revision: stream.revision + events.length,
    key: key ?? fresh[0]?.key ?? null,
    sealed: blocks.length === 0 ? sealed : new Map([...sealed, ...blocks]),
  };
};

const atStep = (error: TenureError, step: number): TenureError =>
  new TenureError(
    error.code,
    error.message,
    { ...error.data, step },
    { retriable: error.retriable, cause: error },
  );
