// The churn service at work: the real projection engine, follower, command bus and relay, over a log, stores and read
// models in memory. What lives on when the process dies is handed to the next one.
import { settableClock, startOfDate, addDays } from '@tenure/core';
import { partitionOf, type LogRecord } from '@tenure/event-log';
import { memoryCheckpoints, memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { startRelay } from '@tenure/event-log/relay';
import { memoryEventStore } from '@tenure/event-store';
import { createProjectionReader, startProjections, type MovingReader } from '@tenure/projections';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import { memoryReactionCheckpoints, policyBook, startFollower, type CommandBus } from '@tenure/service-kit';
import { jsonCodec, partyTable, toyBus, toyPolicies } from '../../../packages/service-kit/test/toy.ts';
import { CHURN } from '../src/churn.ts';
import { riskFollower } from '../src/follower.ts';
import type { ChurnRules, RuleBook } from '../src/rules.ts';
import { churnService } from '../src/service.ts';
import { idOf, shipped, ZONE, type Happened } from './story.ts';

export const PARTITIONS = 4;
const MAX_TURNS = 50_000; // whatever has not come to rest by then never will

/** Something of a customer, or the closing of a day; `at` orders what is recorded. */
export type Told =
  | (Happened & { readonly customer: string; readonly backfill?: boolean })
  | { readonly closes: string };

export const durable = () => ({
  log: memoryLogData(PARTITIONS),
  store: memoryEventStore(),
  relay: memoryCheckpoints(),
  models: openMemoryReadModels(),
  followed: memoryReactionCheckpoints(),
  positions: new Map<string, number>(),
});
export type Durable = ReturnType<typeof durable>;

/** Events as records of their lanes, numbered on where the log ends. A later one is recorded later. */
export const recorder = (outside: Durable) => {
  let recordedAt = 0;
  const numbered = (source: string): number => {
    const position = (outside.positions.get(source) ?? 0) + 1;
    outside.positions.set(source, position);
    return position;
  };
  const record = (
    source: string,
    type: string,
    key: string,
    at: number,
    data: object,
    name: string,
    backfill = false,
  ) => {
    const position = numbered(source);
    const body = jsonCodec.encode(
      {
        ...{ id: idOf(name), type, source, occurredAt: at, recordedAt: ++recordedAt, data },
        customerId: key,
        meta: {
          commandId: idOf(name),
          correlationId: idOf(name),
          actor: { kind: 'user', id: 'agent-1' },
          ...(backfill && { backfill }),
        },
      },
      undefined,
    );
    const stream = `${source}-${key}`;
    return { position, revision: position, stream, key, body };
  };
  return (
    told: Told,
  ): readonly {
    readonly source: string;
    readonly partition: number;
    readonly record: Omit<LogRecord, 'seq'>;
  }[] => {
    if ('closes' in told) {
      const data = { businessDate: told.closes, timeZone: ZONE };
      const at = startOfDate(addDays(told.closes, 1), ZONE);
      const closing = record('clock', 'BusinessDayClosed', 'deployment', at, data, `day ${told.closes}`);
      return Array.from({ length: PARTITIONS }, (_, partition) => ({
        source: 'clock',
        partition,
        record: closing,
      }));
    }
    const { source, type, on, data, name, customer, backfill } = told;
    const key = idOf(customer);
    const at = on.length === 10 ? startOfDate(on, ZONE) : Date.parse(on);
    const one = record(source, type, key, at, data, `${customer} ${name ?? `${type} ${on}`}`, backfill);
    return [{ source, partition: partitionOf(key, PARTITIONS), record: one }];
  };
};

export type Life = Awaited<ReturnType<typeof live>>;

/** One life of the process. `rules`: those it runs with; other ones are another code. */
export const live = async (outside: Durable, rules: ChurnRules = shipped) => {
  const log = memoryEventLog(outside.log);
  const book: RuleBook = {
    rules: () => rules,
    nextRules: () => null,
    version: () => rules,
    homeCurrency: 'CNY',
  };
  const follower = riskFollower({ zone: ZONE }, book);
  const definitions = [{ definition: follower.projection, codeHash: JSON.stringify(rules) }];
  const reader: MovingReader = await createProjectionReader({
    readModels: outside.models,
    projections: definitions,
  });
  const failures: string[] = [];
  const toy = toyBus({
    services: [churnService],
    store: outside.store,
    lookups: () => partyTable(new Map()),
    policies: { ...policyBook([rules, { ...toyPolicies.at('agents', '2026-01-01') }]) },
    clock: settableClock(Date.UTC(2030, 0, 1)),
    wallClock: { now: () => Date.UTC(2030, 0, 1) },
  });
  const submitted: Parameters<CommandBus['submit']>[0][] = [];
  const relay = await startRelay({ source: CHURN, store: outside.store, log, checkpoints: outside.relay });
  const engine = await startProjections({
    ...{ log, readModels: outside.models, definitions, codec: jsonCodec },
    keys: { load: async () => new Map() },
    searchHashes: () => [],
    clock: { now: () => 0 },
    onProgress: (progress) => void reader.advance(progress),
  });
  const running = await startFollower({
    ...{ service: churnService, follower, log, reader, codec: jsonCodec },
    checkpoints: outside.followed,
    written: async () => (await outside.store.head()).position,
    submit(request) {
      submitted.push(request);
      return toy.bus.submit(request);
    },
    observe: { failed: ({ code }) => failures.push(code), waiting: ({ code }) => failures.push(code) },
  });
  for (const [source, position] of outside.positions) await log.announce(source, position);
  const record = recorder(outside);
  const publish = async (told: readonly Told[]): Promise<void> => {
    for (const { source, partition, record: one } of told.flatMap(record)) {
      const lane = { source, partition };
      await log.publish(lane, [{ ...one, seq: (await log.head(lane)) + 1 }]);
    }
    for (const [source, position] of outside.positions) await log.announce(source, position);
  };
  /** Everything that is in the log is followed, what was said has been relayed, and the projection has folded it. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const places = await Promise.all(
        running.topics.flatMap((source) =>
          Array.from({ length: PARTITIONS }, async (_, partition) => ({
            ...{ source, partition },
            seq: await log.head({ source, partition }),
          })),
        ),
      );
      await running.reached(places, AbortSignal.timeout(20_000));
      const said = (await outside.store.head()).position;
      if (
        reader.generation(CHURN)?.stale === false &&
        (await engine.control.caughtUp(CHURN)) &&
        (reader.folded(CHURN)[CHURN] ?? 0) >= said
      )
        return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error('churn does not come to rest');
  };
  return {
    ...{ log, reader, control: engine.control, failures, submitted, publish, settled },
    async tell(...told: readonly Told[]): Promise<void> {
      await publish(told);
      await settled();
    },
    async end(): Promise<void> {
      await running.stop();
      await relay.stop();
      await engine.stop();
      await reader.close();
    },
  };
};

/** What was published of a customer: type and data, in order, with what the meta says of backfill. */
export const published = async (outside: Durable, customer: string) => {
  const events = [];
  for await (const stored of outside.store.readStream(`risk-${idOf(customer)}`)) {
    const { type, data, occurredAt, meta } = jsonCodec.decode(CHURN, stored);
    events.push({
      type,
      data: data as Record<string, unknown>,
      occurredAt,
      backfill: meta.backfill === true,
    });
  }
  return events;
};
