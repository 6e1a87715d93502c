// One event and what follows from it: the commands of every reaction that names it, in order.
import { streamOf } from '@tenure/core';
import type { Codec, DecodedEvent } from '@tenure/events';
import type { LogRecord } from '@tenure/event-log';
import type { CommandBus } from '../command.ts';
import { reactionCommandId } from '../commands/identity.ts';
import { topicsOf as sourcesOf, type ProjectionReader } from '@tenure/projections';
import type { ContextSources, IssuedCommand, Reaction, ServiceDefinition } from '../definition.ts';
import { issuedRequest, submitIssued, type Issued } from '../issue.ts';
import type { Policies } from '../policies.ts';

export type ReactDeps = {
  readonly codec: Codec;
  readonly policies: Policies;
  /** IANA zone of business dates. */
  readonly zone: string;
  /** What the service's reactions may read. */
  readonly sources: ContextSources;
  /** The service's own tables: they have folded an event before anybody gathers about it. */
  readonly reader: Pick<ProjectionReader, 'waitFor'>;
  readonly submit: CommandBus['submit'];
  /** Told of every command that the domain refused: somebody may want to count them. */
  readonly refused: (about: {
    readonly reaction: string;
    readonly command: string;
    readonly code: string;
  }) => void;
};

/** The reactions of a service by what they listen to. */
export type Listeners = ReadonlyMap<string, readonly Reaction[]>;

const nameOf = (source: string, type: string): string => `${source}/${type}`;

export const listenersOf = (service: ServiceDefinition): Listeners => {
  const listeners = new Map<string, Reaction[]>();
  for (const reaction of service.reactions ?? [])
    for (const [source, types] of Object.entries(reaction.on))
      for (const type of types) {
        const name = nameOf(source, type);
        listeners.set(name, [...(listeners.get(name) ?? []), reaction]);
      }
  return listeners;
};

/** The topics that a service's reactions read. */
export const topicsOf = (service: ServiceDefinition): readonly string[] => [
  ...new Set((service.reactions ?? []).flatMap(({ on }) => Object.keys(on))),
];

/** Does anybody react to this record? Imported history concerns nobody. @throws UNDECODABLE */
export const concerns = (codec: Codec, listeners: Listeners, source: string, record: LogRecord): boolean => {
  const head = codec.peek(record.body);
  return !head.backfill && listeners.has(nameOf(source, head.type));
};

/**
 * Reacts to one event: its commands one after the other. Repeating it changes nothing.
 * @throws what may pass (see `passes`), and what nobody foresaw
 */
export const reactTo = async (
  deps: ReactDeps,
  service: ServiceDefinition,
  listeners: Listeners,
  source: string,
  record: LogRecord,
): Promise<void> => {
  const event = deps.codec.decode(source, record);
  const ordinals = new Map<string, number>();
  for (const reaction of listeners.get(nameOf(source, event.type)) ?? [])
    for (const issued of await commandsOf(deps, service, reaction, event)) {
      const target = streamOf(issued.aggregate, issued.id);
      const ordinal = ordinals.get(target) ?? 0;
      ordinals.set(target, ordinal + 1);
      const commandId =
        issued.once === undefined
          ? reactionCommandId(event.id, target, ordinal)
          : reactionCommandId(issued.once, target, 0);
      const answer = await issue(deps, service, { reaction, event, issued, commandId });
      if (answer.outcome === 'refused')
        deps.refused({ reaction: reaction.name, command: issued.command, code: answer.code });
    }
};

/** Tables fold in milliseconds; one that does not is being mended, and the event comes again. */
const MAX_FOLD_MS = 10_000;

/** @throws BEHIND (it passes) when the service's tables do not get there */
const commandsOf = async (
  deps: ReactDeps,
  service: ServiceDefinition,
  { gather, react }: Reaction,
  event: DecodedEvent,
): Promise<readonly IssuedCommand[]> => {
  const { policies, zone } = deps;
  if (gather === undefined) return react(event, { policies, zone, gathered: {} });
  const position = { [event.source]: event.position };
  await Promise.all(
    tablesOver(service, event.source).map((table) => deps.reader.waitFor(table, position, MAX_FOLD_MS)),
  );
  return react(event, { policies, zone, gathered: await gather(deps.sources, event) });
};

/** The lookups and list models of a service that fold a source. */
const tablesOver = (service: ServiceDefinition, source: string): readonly string[] =>
  [...(service.lookups ?? []), ...service.aggregates.flatMap(({ list }) => list ?? [])]
    .filter((table) => sourcesOf(table).includes(source))
    .map(({ name }) => name);

type Occasion = {
  readonly reaction: Reaction;
  readonly event: DecodedEvent;
  readonly issued: IssuedCommand;
  readonly commandId: string;
};

const issue = (
  deps: ReactDeps,
  service: ServiceDefinition,
  { reaction, event, issued, commandId }: Occasion,
): Promise<Issued> =>
  submitIssued(
    deps.submit,
    issuedRequest(service, issued, {
      actor: { kind: 'process', id: reaction.name },
      commandId,
      // The event's own time: a redelivery says the same, and what follows is dated like its cause.
      occurredAt: event.occurredAt,
      causationId: event.id,
      correlationId: event.meta.correlationId,
      traceparent: event.meta.traceparent,
    }),
  );
