// What outlives a process: stores, the log, keys, tables, the clock.
import { createSecretKey } from 'node:crypto';
import { settableClock } from '@tenure/core';
import { createCodec, type DecodedEvent } from '@tenure/events';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { partitionOf, type EventLog } from '@tenure/event-log';
import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import { memoryKeyStore } from '@tenure/keys';
import type { Policies, ServiceDefinition } from '@tenure/service-kit';
import { openTables } from './tables.ts';

export const PARTITIONS = 4;
const MAX_EVENTS = 100_000;

/** An event of a source that no service here writes. */
export type Told = {
  readonly source: string;
  readonly type: string;
  readonly id: string;
  readonly stream: string;
  readonly revision?: number;
  readonly key: string;
  readonly data: object;
};

/** What is stored is relayed: lane by lane, in order. True when there was something. */
const relayInto = (log: EventLog, stores: ReadonlyMap<string, EventStore>): (() => Promise<boolean>) => {
  const relayed = new Map<string, number>();
  return async () => {
    let any = false;
    for (const [source, store] of stores) {
      const fresh = await store.readAll(relayed.get(source) ?? 0, MAX_EVENTS);
      for (const stored of fresh) {
        const lane = { source, partition: partitionOf(stored.key, PARTITIONS) };
        const seq = (await log.head(lane)) + 1;
        await log.publish(lane, [{ ...stored, body: stored.body.slice(), seq }]);
      }
      const last = fresh.at(-1);
      if (last === undefined) continue;
      any = true;
      relayed.set(source, last.position);
      await log.announce(source, last.position);
    }
    return any;
  };
};

export const layGround = async (
  services: readonly ServiceDefinition[],
  policies: Policies,
  start: number,
) => {
  const clock = settableClock(start);
  const codec = createCodec();
  const keys = memoryKeyStore((size) => new Uint8Array(size).fill(9), 0);
  const log = memoryEventLog(memoryLogData(PARTITIONS));
  const stores = new Map<string, EventStore>();
  const storeOf = (source: string): EventStore => {
    const known = stores.get(source) ?? memoryEventStore();
    stores.set(source, known);
    return known;
  };
  const pepper = createSecretKey(Buffer.alloc(32, 3));
  const tables = await openTables({ services, log, codec, keys, pepper, region: 'US', now: clock.now });
  return {
    ...{ services, policies, clock, codec, keys, log, storeOf, pepper, tables },
    relay: relayInto(log, stores),
    async tell({ source, type, id, stream, revision = 0, key, data }: Told): Promise<void> {
      const meta = { commandId: id, correlationId: id, actor: { kind: 'user', id: 'tester' } } as const;
      const at = clock.now();
      const event = { id, type, source, occurredAt: at, recordedAt: at, meta, customerId: key, data };
      const body = codec.encode(event, (await keys.ensure([key])).get(key)).slice();
      await storeOf(source).append(stream, revision === 0 ? 'none' : revision - 1, [{ id, type, key, body }]);
    },
    async events(): Promise<readonly DecodedEvent[]> {
      const all = await Promise.all(
        [...stores].map(async ([source, store]) =>
          (await store.readAll(0, MAX_EVENTS)).map((stored) => codec.decode(source, stored)),
        ),
      );
      return all.flat();
    },
  };
};

export type Ground = Awaited<ReturnType<typeof layGround>>;
