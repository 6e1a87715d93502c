import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import type { EventLog, LogRecord } from '@tenure/event-log';
import { uuid5, URL_NAMESPACE } from '@tenure/core';
import { shapeOf, startProjections } from '@tenure/projections';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SOURCE } from '../src/simulation/counter.ts';
import { counters } from '../src/simulation/counters.ts';
import { jsonCodec } from '../src/simulation/json-codec.ts';

const meta = { commandId: 'c', correlationId: 'c', actor: { kind: 'process', id: 'p' } } as const;

const record = (seq: number): LogRecord => {
  const event = {
    id: uuid5(URL_NAMESPACE, `event-${seq}`),
    type: seq === 1 ? 'CounterStarted' : 'CounterFed',
    source: SOURCE,
    occurredAt: seq,
    recordedAt: seq,
    meta,
    customerId: 'customer',
    data: { x: seq, trace: 0 },
  };
  const body = jsonCodec.encode(event, undefined);
  return { seq, position: seq, stream: 'counter-1', revision: seq - 1, key: 'customer', body };
};

/** A log that hands its subscribers everything but the record with this seq. */
const without = (log: EventLog, seq: number): EventLog => ({
  ...log,
  subscribe: (group, topics, from, handler) =>
    log.subscribe(group, topics, from, (batches) =>
      handler(
        batches.map(({ lane, records }) => ({ lane, records: records.filter((one) => one.seq !== seq) })),
      ),
    ),
});

describe('a projection whose log has lost a record', () => {
  it('stands before the hole and says so, instead of folding on without the event', async () => {
    const log = memoryEventLog(memoryLogData(1));
    const readModels = openMemoryReadModels();
    const engine = await startProjections({
      log: without(log, 2),
      readModels,
      codec: jsonCodec,
      keys: { load: async () => new Map() },
      searchHashes: () => [],
      definitions: [{ definition: counters, codeHash: 'code-1' }],
      clock: { now: () => 0 },
      pause: async () => {
        await setImmediate();
      },
    });
    await log.publish({ source: SOURCE, partition: 0 }, [record(1)]);
    for (let i = 0; i < 50; i++) await setImmediate();
    await log.publish({ source: SOURCE, partition: 0 }, [record(2), record(3)]);
    for (let i = 0; i < 50; i++) await setImmediate();
    const [health] = await engine.health();
    expect(health?.failing).toMatch(/continues at 3/);
    const reader = await readModels.openReader(shapeOf(counters), 1);
    expect((await reader.checkpoints())[0]?.seq).toBe(1);
    expect((await reader.load(['customer'])).get('customer')?.body).toContain('"count":1');
  });
});
