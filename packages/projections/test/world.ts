// A small world for the specs of the engine: events as JSON, and a log in memory that is fed directly.
import { hash } from 'node:crypto';
import { TenureError, uuid5, URL_NAMESPACE } from '@tenure/core';
import { partitionOf, type EventLog, type LogRecord } from '@tenure/event-log';
import { memoryEventLog, memoryLogData, type MemoryLogData } from '@tenure/event-log/memory';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { REDACTED, type Codec, type DecodedEvent, type SealedBlock } from '@tenure/events';
import { memoryKeyStore, type DataKey, type KeyStore } from '@tenure/keys';
import type { ReadModels, StoredDocument } from '@tenure/read-models';
import type { ReplayStatus } from '../src/control.ts';
import { startProjections, type Projections, type ProjectionsOptions } from '../src/start.ts';
import type { SearchHashes } from '../src/search-index.ts';
import { mergingShop, orders, shop } from './shop.ts';

export { mergingShop, orders, shop };

export type Told = {
  readonly source: string;
  readonly type: string;
  readonly key: string;
  readonly data: object;
  readonly stream?: string;
  /** Personal values by field: they lie beside the event, in clear (the engine never looks into a block). */
  readonly personal?: Readonly<Record<string, string>>;
};

/** Bodies are JSON. An event whose data holds `garbage` cannot be decoded, one with `poison` makes its slice throw. */
export const jsonCodec: Codec = {
  encode: () => new Uint8Array(),
  decode(source, stored) {
    const { personal, ...event } = JSON.parse(Buffer.from(stored.body).toString()) as DecodedEvent & {
      personal?: object;
    };
    if ((event.data as { garbage?: boolean }).garbage)
      throw new TenureError('UNDECODABLE', 'The payload is garbage.', { id: event.id });
    const { position, stream, revision, key } = stored;
    const block: SealedBlock | null = personal
      ? { ...PLAIN, eventId: event.id, customerId: key, ct: Buffer.from(JSON.stringify(personal).padEnd(32)) }
      : null;
    return { ...event, source, position, stream, revision, key, sealed: block };
  },
  peek(body) {
    const event = JSON.parse(Buffer.from(body).toString()) as DecodedEvent;
    return {
      id: event.id,
      type: event.type,
      schemaId: 1,
      occurredAt: 0,
      recordedAt: event.recordedAt,
      backfill: false,
    };
  },
  payload: (body) => body,
  readPayload: () => {
    throw new Error('no topics here');
  },
  hasPersonalFields: () => true,
  openFields: (block, key) =>
    key === undefined
      ? REDACTED
      : new Map(
          Object.entries(JSON.parse(Buffer.from(block.ct).toString()) as Readonly<Record<string, string>>),
        ),
  aboutCustomer: (type) => type !== 'BusinessDayClosed' && type !== 'PriceBookPublished',
};
const PLAIN = { schemaId: 1, kid: 'plain', iv: new Uint8Array(12) };

export const plainHash = (kind: string, value: string): string | null =>
  value === '' ? null : hash('sha256', `${kind}:${value.toLowerCase()}`);

export const plainHashes: SearchHashes = (kind, value) =>
  [plainHash(kind, value)].filter((one) => one !== null);

/** A key for everybody but those in `erased`. */
export const plainKeys = (erased: Set<string> = new Set()): Pick<KeyStore, 'load'> => ({
  load: async (ids) => {
    const { key } = [...(await seedKeys).values()][0] as DataKey;
    return new Map(ids.filter((id) => !erased.has(id)).map((id) => [id, { kid: 'plain', key }]));
  },
});
const seedKeys = memoryKeyStore((size) => new Uint8Array(size).fill(7), 0).ensure(['anybody']);

export type World = {
  readonly data: MemoryLogData;
  readonly log: EventLog;
  readonly readModels: ReadModels;
  /** Publishes events in this order and announces them; answers the position of the last of each source. */
  tell(...events: readonly Told[]): Promise<Readonly<Record<string, number>>>;
  /**
   * The same, but lanes get on at different speeds: each time as the next of `picks` says, and `pause` comes in between.
   * The order within a lane is kept.
   */
  tellUnevenly(
    events: readonly Told[],
    picks: readonly number[],
    pause: (published: number) => Promise<void>,
  ): Promise<void>;
  closeDay(date: string, zone?: string): Promise<void>;
  start(options?: Partial<ProjectionsOptions>): Promise<Projections>;
  /** Resolves when the replay that makes a generation has ended; answers how. */
  replayed(engine: Projections, generation: number, name?: string): Promise<ReplayStatus>;
  until(reached: () => Promise<boolean>): Promise<void>;
};

export const openWorld = (partitions = 4, readModels: ReadModels = openMemoryReadModels()): World => {
  const data = memoryLogData(partitions);
  const log = memoryEventLog(data);
  return worldOn(data, log, readModels);
};

export const worldOn = (data: MemoryLogData, log: EventLog, readModels: ReadModels): World => {
  const positions: Record<string, number> = {};
  const revisions = new Map<string, number>();
  const record = (told: Told): Omit<LogRecord, 'seq'> => {
    const position = (positions[told.source] = (positions[told.source] ?? 0) + 1);
    const stream = told.stream ?? `${told.source}-${told.key}`;
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const id = uuid5(URL_NAMESPACE, told.source, String(position));
    const { type, data: payload, personal } = told;
    const event = {
      id,
      type,
      occurredAt: position * 1000,
      recordedAt: position * 1000,
      schemaId: 1,
      meta: META,
    };
    const body = Buffer.from(JSON.stringify({ ...event, data: payload, ...(personal && { personal }) }));
    return { position, stream, revision, key: told.key, body };
  };
  const publish = async (source: string, partition: number, one: Omit<LogRecord, 'seq'>): Promise<void> => {
    const lane = { source, partition };
    await log.publish(lane, [{ ...one, seq: (await log.head(lane)) + 1 }]);
  };
  const tell: World['tell'] = async (...events) => {
    for (const told of events) {
      const one = record(told);
      if (told.source === 'clock')
        for (let partition = 0; partition < log.partitions; partition++)
          await publish('clock', partition, one);
      else await publish(told.source, partitionOf(told.key, log.partitions), one);
    }
    for (const source of new Set(events.map((event) => event.source)))
      await log.announce(source, positions[source] ?? 0);
    return { ...positions };
  };
  const tellUnevenly: World['tellUnevenly'] = async (events, picks, pause) => {
    const lanes = new Map<string, { source: string; partition: number; records: Omit<LogRecord, 'seq'>[] }>();
    for (const told of events) {
      const { source, key } = told;
      const partition = partitionOf(key, log.partitions);
      const name = `${source}/${partition}`;
      const lane = lanes.get(name) ?? { source, partition, records: [] };
      lanes.set(name, lane);
      lane.records.push(record(told));
    }
    for (let i = 0; lanes.size > 0; i++) {
      const [name, lane] = [...lanes][(picks[i % picks.length] ?? 0) % lanes.size] ?? unreachable();
      const next = lane.records.shift() ?? unreachable();
      await publish(lane.source, lane.partition, next);
      if (lane.records.length === 0) lanes.delete(name);
      await pause(i + 1);
    }
    for (const source of new Set(events.map((event) => event.source)))
      await log.announce(source, positions[source] ?? 0);
  };
  return {
    data,
    log,
    readModels,
    tell,
    tellUnevenly,
    closeDay: async (date, zone = 'UTC') => {
      const type = 'BusinessDayClosed';
      await tell({
        source: 'clock',
        type,
        key: 'clock',
        data: { businessDate: date, timeZone: zone, closedAt: 0 },
      });
    },
    async replayed({ control }, generation, name = 'shop') {
      for (;;) {
        const status = await control.replay(`${name}.g${generation}`);
        const { state, verified } = status;
        if (state === 'active' || state === 'failed' || (state === 'verifying' && verified !== null))
          return status;
        await nextTurn();
      }
    },
    async until(reached) {
      while (!(await reached())) await nextTurn();
    },
    start: (options = {}) =>
      startProjections({
        log,
        readModels,
        codec: jsonCodec,
        keys: plainKeys(),
        searchHashes: plainHashes,
        definitions: [{ definition: shop, codeHash: 'code-1' }],
        clock: { now: () => 1_000_000 },
        ...options,
      }),
  };
};
const unreachable = (): never => {
  throw new Error('there is a lane as long as there are records');
};
const META = { commandId: 'c', correlationId: 'c', actor: { kind: 'user', id: 'u' } } as const;

export const placed = (key: string, x: number, on?: string): Told => ({
  source: 'order',
  type: 'OrderPlaced',
  key,
  data: { x, ...(on !== undefined && { on }) },
});
export const cancelled = (key: string, x: number): Told => ({
  source: 'order',
  type: 'OrderCancelled',
  key,
  data: { x },
});
/** An order whose fold throws; `mendedCodec` reads it without the poison. */
export const poisoned = (key: string): Told => ({
  source: 'order',
  type: 'OrderPlaced',
  key,
  data: { x: 9, poison: true },
});
export const registered = (key: string, name: string): Told => ({
  source: 'customer',
  type: 'CustomerRegistered',
  key,
  data: { name },
  personal: { name },
});
export const renamed = (key: string, name: string): Told => ({
  ...registered(key, name),
  type: 'CustomerRenamed',
});

export const merged = (survivor: string, ...absorbedIds: readonly string[]): Told => ({
  source: 'customer',
  type: 'CustomersMerged',
  key: survivor,
  data: { absorbedIds },
});
export const unmerged = (survivor: string, ...restoredIds: readonly string[]): Told => ({
  source: 'customer',
  type: 'CustomersUnmerged',
  key: survivor,
  data: { restoredIds },
});

export const absorbed = (key: string, survivorId: string): Told => ({
  source: 'customer',
  type: 'CustomerAbsorbed',
  key,
  data: { survivorId },
});
export const restored = (key: string): Told => ({
  source: 'customer',
  type: 'CustomerRestored',
  key,
  data: {},
});

/** The codec after the mistake was mended: poison and garbage read as ordinary orders. */
export const mendedCodec = (): Codec => ({
  ...jsonCodec,
  decode(source, stored) {
    const text = Buffer.from(stored.body)
      .toString()
      .replace(',"poison":true', '')
      .replace('"garbage":true', '"x":1');
    return jsonCodec.decode(source, { ...stored, body: Buffer.from(text) });
  },
});

/** What of documents must agree however they were built. */
export const contents = async (world: World, model = 'shop', generation?: number) => {
  const active = generation ?? (await world.readModels.active(model));
  if (active === null) return {};
  const definition = model === 'shop' ? shop : orders;
  const shape = {
    model,
    columns: definition.columns.map(({ name, type, indexed }) => ({ name, type, indexed })),
  };
  const reader = await world.readModels.openReader(shape, active);
  const documents = await reader.scan('', 10_000);
  await reader.close();
  return Object.fromEntries(documents.map((document) => [document.id, content(document)]));
};

const content = ({ body, vector, columns, stale, key, sealed, redirect }: StoredDocument) => ({
  body,
  vector,
  columns,
  stale,
  key,
  redirect,
  sealed: sealed === null ? null : Buffer.from(sealed).toString('hex'),
});

/** Resolves when a projection has folded everything that is in the log. */
export const settled = async ({ control }: Projections, name = 'shop'): Promise<void> => {
  while (!(await control.caughtUp(name))) await nextTurn();
};

/** Three customers, two sources. */
export const story: readonly Told[] = [
  placed('a', 1, '2026-01-01'),
  registered('a', 'Ann'),
  placed('b', 2, '2026-01-03'),
  placed('a', 3, '2026-01-04'),
  renamed('a', 'Anna'),
  registered('c', 'Cem'),
];
