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
import type { Codec, StoredBody } from '@tenure/events';
import type { NewEvent } from '@tenure/event-store';
import type { ContextSources } from '../definition.ts';
import { eventIdOf } from './identity.ts';
import type { DataKeys } from './data-keys.ts';
import { occurredAtOf, type OccurredAtRules } from './occurred-at.ts';
import type { Prepared, PreparedStep } from './prepare.ts';
import { illegalState } from './refusals.ts';
import { exists, type LoadedStream } from './streams.ts';

/** What deciding needs beside the stream. */
export type DecideDeps = {
  readonly codec: Codec;
  readonly dataKeys: DataKeys;
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
  let { state } = stream;
  let at: number | null = null;
  for (const [i, step] of prepared.steps.entries()) {
    try {
      checkState(prepared, stream, state, step.name, events.length);
      // A step of `then` that says nothing happens when the one before it did.
      at = at === null || step.occurredAt !== null ? occurredAtOf(step.occurredAt, occasion.times) : at;
      const facts = await decideStep(deps, prepared, { state, step, at }, occasion);
      const from = events.length;
      await encodeFacts(deps, prepared, facts, at, occasion, events);
      if (i + 1 < prepared.steps.length) state = evolveOver(deps.codec, stream, state, events, from);
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

type Moment = { readonly state: State; readonly step: PreparedStep; readonly at: number };

const decideStep = async (
  deps: DecideDeps,
  { id, commandId, request, address: { spec } }: Prepared,
  { state, step, at }: Moment,
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
  const sources = deps.sourcesOf(request.service);
  const more =
    spec.context === undefined
      ? { policies: sources.policies }
      : await spec.context(sources, { name: step.name, data: step.data, base });
  const decider = spec.model.decide[step.name];
  if (decider === undefined) throw new TypeError(`${step.name} has no decider`);
  return decider(state, step.data, { ...base, ...more });
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
  state: State,
  events: readonly NewEvent[],
  from: number,
): State => {
  const { model } = stream.address.spec;
  const fresh = asStored(stream, events, 0).slice(from);
  return evolve(
    model,
    state,
    fresh.map((stored) => codec.decode(stream.address.source, stored) as EventOf<EventMap>),
  );
};

const atStep = (error: TenureError, step: number): TenureError =>
  new TenureError(
    error.code,
    error.message,
    { ...error.data, step },
    { retriable: error.retriable, cause: error },
  );
