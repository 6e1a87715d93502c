// The deadlines of a service, folded from its own events: a document per stream with what is to be done, and when.
import { evolve, idOfStream, TenureError, type EventMap, type EventOf } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import { column, projection, type Document, type ProjectionDefinition } from '@tenure/projections';
import type {
  DeadlineChange,
  Deadlines,
  DeadlineSet,
  IssuedCommand,
  ServiceDefinition,
} from '../definition.ts';
import { lookupName } from '../party-lookup.ts';
import type { Policies } from '../policies.ts';

/** One deadline of a stream: at an instant (ms), or when a business date (YYYY-MM-DD) has closed. */
export type Deadline = { readonly command: IssuedCommand } & (
  | { readonly at: number }
  | { readonly day: string }
);

/** By the key that `set` and `clear` name. */
export type StreamDeadlines = Readonly<Record<string, Deadline>>;

/** A stream waits for a handful of things; more is a key that never repeats. */
const MAX_DEADLINES_PER_STREAM = 200;

export const DUE_AT = 'due_at';
export const DUE_DAY = 'due_day';

/** The projection behind `runDeadlines`. */
export const deadlinesName = (service: string): string => lookupName(service, 'deadlines');

/** Where the events of a service's aggregates are published. */
export const ownSources = (service: ServiceDefinition): readonly string[] => [
  ...new Set(service.aggregates.map(({ source }) => source ?? service.name)),
];

/** Null for a service without deadlines. Imported history sets none, but still clears. */
export const deadlinesProjection = (
  service: ServiceDefinition,
  context: { readonly policies: Policies; readonly zone: string },
): ProjectionDefinition | null => {
  const { deadlines } = service;
  if (deadlines === undefined) return null;
  const { on, stateful } = handlersOf(service, deadlines, context);
  const slice = { init: (): Waiting => ({ waits: {} }), on };
  return projection({
    name: deadlinesName(service.name),
    version: 2,
    slices: Object.fromEntries(ownSources(service).map((source) => [source, slice])),
    documentId: (event) =>
      event.meta.backfill === true && !stateful(event) && !clears(deadlines.on[event.type]?.(event, context))
        ? null
        : event.stream,
    columns: [
      column(DUE_AT, 'integer', (document) => earliest(document, (one) => ('at' in one ? one.at : null)), {
        en: 'Earliest instant at which something is due',
        zh: '最早到期时刻',
        unit: 'ms',
      }),
      column(DUE_DAY, 'text', (document) => earliest(document, (one) => ('day' in one ? one.day : null)), {
        en: 'Earliest business date at whose end something is due',
        zh: '最早到期营业日',
      }),
    ],
  });
};

/** What a stream waits for; with the state of its aggregate where that says so. */
type Waiting = { readonly waits: StreamDeadlines; readonly state?: unknown };

type Handler = (waiting: Waiting, event: DecodedEvent) => Waiting;

const handlersOf = (
  service: ServiceDefinition,
  deadlines: Deadlines,
  context: { readonly policies: Policies; readonly zone: string },
): { readonly on: Readonly<Record<string, Handler>>; stateful(event: DecodedEvent): boolean } => {
  const models = service.aggregates
    .map(({ model }) => model)
    .filter(({ name }) => deadlines.states?.[name] !== undefined);
  const modelOf = ({ stream }: DecodedEvent) => models.find(({ name }) => stream.startsWith(`${name}-`));
  const handler: Handler = (waiting, event) => {
    const model = modelOf(event);
    const say = model && deadlines.states?.[model.name];
    if (model === undefined || say === undefined)
      return { waits: apply(waiting.waits, deadlines.on[event.type]?.(event, context) ?? [], event) };
    const before = (waiting.state ?? model.initial) as typeof model.initial;
    const state = evolve(model, before, [event as EventOf<EventMap>]);
    if (event.meta.backfill === true) return { waits: waiting.waits, state };
    const about = { ...context, id: idOfStream(event.stream), customerId: event.key };
    return { waits: apply({}, say(state, about), event), state };
  };
  const types = [...Object.keys(deadlines.on), ...models.flatMap((model) => Object.keys(model.evolve))];
  return {
    on: Object.fromEntries(types.map((type) => [type, handler])),
    stateful: (event) => modelOf(event) !== undefined,
  };
};

// Most imported history would only leave empty documents behind.
const clears = (changes: readonly DeadlineChange[] = []): boolean =>
  changes.some((change) => 'clear' in change);

const apply = (
  before: StreamDeadlines,
  changes: readonly DeadlineChange[],
  event: DecodedEvent,
): StreamDeadlines => {
  const next: Record<string, Deadline> = { ...before };
  for (const change of changes) {
    if ('clear' in change) delete next[change.clear];
    else if (event.meta.backfill !== true) next[change.set] = deadlineOf(change);
  }
  if (Object.keys(next).length > MAX_DEADLINES_PER_STREAM)
    throw new TenureError('LIMIT_EXCEEDED', 'A stream has more than 200 deadlines open.', {
      id: idOfStream(event.stream),
      limit: MAX_DEADLINES_PER_STREAM,
    });
  return next;
};

const deadlineOf = (change: DeadlineSet): Deadline =>
  'at' in change ? { at: change.at, command: change.command } : { day: change.day, command: change.command };

/** All deadlines of a document, whatever source its stream belongs to. */
export const deadlinesIn = (slices: Document['slices']): readonly (readonly [string, Deadline])[] =>
  Object.values(slices).flatMap((slice) => Object.entries((slice as Waiting).waits));

const earliest = <V extends number | string>(
  document: Document,
  due: (deadline: Deadline) => V | null,
): V | null => {
  let first: V | null = null;
  for (const [, deadline] of deadlinesIn(document.slices)) {
    const value = due(deadline);
    if (value !== null && (first === null || value < first)) first = value;
  }
  return first;
};
