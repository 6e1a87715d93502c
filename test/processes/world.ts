// Services without a platform: commands, tables, reactions and deadlines step by step, in whatever order a test says. What
// may go wrong between the steps is the test's to choose; the parts are the real ones.
import { createSecretKey } from 'node:crypto';
import { settableClock, type Actor } from '../../packages/core/src/index.ts';
import { memoryEventStore, type StoredEvent } from '../../packages/event-store/src/index.ts';
import type { LogRecord } from '../../packages/event-log/src/index.ts';
import { createCodec, type DecodedEvent } from '../../packages/events/src/index.ts';
import { memoryKeyStore } from '../../packages/keys/src/index.ts';
import type { ProjectionDefinition } from '../../packages/projections/src/index.ts';
import { deadlinesIn } from '../../packages/service-kit/src/deadlines/projection.ts';
import {
  createCommandBus,
  createContextSources,
  deadlineCommandId,
  deadlinesProjection,
  issuedRequest,
  loadPolicies,
  lookupsOver,
  SHARED_POLICIES,
  submitIssued,
  type CommandBus,
  type IssuedCommand,
  type ServiceDefinition,
} from '../../packages/service-kit/src/index.ts';
import { concerns, listenersOf, reactTo, topicsOf } from '../../packages/service-kit/src/reactions/react.ts';
import { foldingReader } from './tables.ts';

export const ZONE = 'UTC';
/** Everything there is of a source: a test writes a few dozen events. */
const ALL = 10_000;

/** An event on its way to the reactions of a service. */
export type Delivery = {
  readonly service: string;
  readonly source: string;
  readonly event: DecodedEvent;
  readonly record: LogRecord;
};

export type Due = {
  readonly service: string;
  readonly key: string;
  readonly when: number | string;
  readonly command: IssuedCommand;
};

const shared = new URL('../../policies/', import.meta.url);

/** The agent who sends commands; a supervisor, so that rights decide nothing here. */
const actor: Actor = { kind: 'user', id: 'agent-1' };

export const createWorld = async (services: readonly ServiceDefinition[], now: number) => {
  const clock = settableClock(now);
  const codec = createCodec();
  const sources = [
    ...new Set(services.flatMap(({ name, aggregates }) => aggregates.map(({ source }) => source ?? name))),
  ];
  const stores = new Map(sources.map((source) => [source, memoryEventStore()]));
  const storeOf = (source: string) => {
    const store = stores.get(source);
    if (store === undefined) throw new TypeError(`no source ${source} in this world`);
    return store;
  };
  const { policies } = await loadPolicies({
    folders: [shared, ...services.flatMap(({ policyFolder }) => policyFolder ?? [])],
    schemas: [...SHARED_POLICIES, ...services.flatMap((service) => service.policies ?? [])],
  });
  const read = async (source: string): Promise<readonly StoredEvent[]> =>
    stores.has(source) ? storeOf(source).readAll(0, ALL) : [];
  /** Up to which position the tables have folded each source. */
  const folded = new Map<string, number>();
  const foldedEvents = async (source: string): Promise<readonly DecodedEvent[]> =>
    (await read(source))
      .filter(({ position }) => position <= (folded.get(source) ?? 0))
      .map((one) => codec.decode(source, one));
  const tables: readonly ProjectionDefinition[] = services.flatMap(({ lookups = [], aggregates }) => [
    ...lookups,
    ...aggregates.flatMap(({ list }) => list ?? []),
  ]);
  const lookups = lookupsOver(services, foldingReader(tables, foldedEvents));
  const keys = memoryKeyStore((size) => Buffer.alloc(size, 7), now);
  const pepper = createSecretKey(Buffer.alloc(32, 1));
  const common = { services, stores: storeOf, codec, keys, policies, lookups };
  const bus = createCommandBus({
    ...common,
    clock,
    wallClock: clock,
    zone: ZONE,
    secrets: { pepper, bodyKey: createSecretKey(Buffer.alloc(32, 2)) },
    sleep: () => new Promise(() => {}),
  });
  const sourcesOf = createContextSources({ ...common, pepper });

  const eventsOf = async (source: string): Promise<readonly DecodedEvent[]> =>
    (await read(source)).map((one) => codec.decode(source, one));

  /** The tables fold a source up to a position; nothing is ever unfolded. */
  const fold = (source: string, position: number): void => {
    folded.set(source, Math.max(folded.get(source) ?? 0, position));
  };
  const foldAll = async (): Promise<void> => {
    for (const source of sources) fold(source, (await storeOf(source).head()).position);
  };

  const definitionOf = (name: string): ServiceDefinition => {
    const found = services.find((service) => service.name === name);
    if (found === undefined) throw new TypeError(`no service ${name} in this world`);
    return found;
  };

  /** Hands an event to the reactions of a service. `submit` may fail: then it has to be delivered again. */
  const deliver = async (
    { service, source, record }: Delivery,
    submit: CommandBus['submit'] = (request) => bus.submit(request),
  ): Promise<void> => {
    fold(source, record.position);
    const definition = definitionOf(service);
    const deps = {
      codec,
      policies,
      zone: ZONE,
      sources: sourcesOf(service),
      reader: { waitFor: async () => {} },
      submit,
      refused: () => {},
    };
    await reactTo(deps, definition, listenersOf(definition), source, record);
  };

  /** Every event that somebody reacts to, for each who does, in the order of its source. */
  const deliveries = async (): Promise<readonly Delivery[]> => {
    const found: Delivery[] = [];
    for (const service of services) {
      const listeners = listenersOf(service);
      for (const source of topicsOf(service))
        for (const one of await read(source)) {
          const record = { ...one, seq: one.position } as unknown as LogRecord;
          if (concerns(codec, listeners, source, record))
            found.push({ service: service.name, source, record, event: codec.decode(source, one) });
        }
    }
    return found;
  };

  /** What is due at an instant (ms), or at the end of a business date, earliest first. */
  const due = async (until: number | string): Promise<readonly Due[]> => {
    const found: Due[] = [];
    for (const service of services) {
      const definition = deadlinesProjection(service, { policies, zone: ZONE });
      if (definition === null) continue;
      const reader = foldingReader([{ ...definition, columns: [] }], eventsOf);
      const documents = await reader.query(definition.name, {
        filters: [],
        sort: { column: 'id', descending: false },
        after: null,
        limit: ALL,
      });
      for (const { body } of documents)
        for (const [key, deadline] of deadlinesIn(
          (JSON.parse(body) as { slices: Record<string, unknown> }).slices,
        )) {
          const when = 'at' in deadline ? deadline.at : deadline.day;
          if (typeof when === typeof until && when <= until)
            found.push({ service: service.name, key, when, command: deadline.command });
        }
    }
    return found.toSorted((a, b) => (a.when < b.when ? -1 : 1));
  };

  return {
    clock,
    bus,
    eventsOf,
    fold,
    foldAll,
    deliver,
    deliveries,
    due,
    /** A command as a person sends it. */
    send: (service: string, aggregate: string, id: string, command: string, body: object, key = command) =>
      bus.submit({
        service,
        aggregate,
        steps: [{ command, body }],
        ...(creates(definitionOf(service), aggregate, command) ? {} : { id }),
        key: `${id}/${key}`,
        principal: actor.id,
        route: `/api/${aggregate}/{id}/${command}`,
        caller: { sub: actor.id, roles: ['supervisor'], teams: [], actor },
        ifMatch: '*',
        backfill: false,
        reactions: false,
      }),
    /** Fires a deadline at its time, as the runtime would. */
    fire: ({ service, key, when, command }: Due, occurredAt: number) =>
      submitIssued(
        (request) => bus.submit(request),
        issuedRequest(definitionOf(service), command, {
          actor: { kind: 'clock', id: command.command },
          commandId: deadlineCommandId(key, when),
          occurredAt,
        }),
      ),
    state: async (service: string, aggregate: string, id: string) =>
      (await sourcesOf(service).read(aggregate, id)).state as { readonly status: string },
  };
};

export type World = Awaited<ReturnType<typeof createWorld>>;

const creates = ({ aggregates }: ServiceDefinition, aggregate: string, command: string): boolean =>
  aggregates.some(({ model, creates: creating }) => model.name === aggregate && creating === command);
