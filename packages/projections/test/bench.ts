// Measures the engine by hand on segment files and SQLite with the real codec:
//   node packages/projections/test/bench.ts prepare DIR 1000000 100000
//   node packages/projections/test/bench.ts rebuild|catchup|live|heal DIR
// `prepare` writes the log (events, customers); the others print one JSON line each. Durability: as in the product.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createCodec } from '@tenure/events';
import { uuid5, URL_NAMESPACE } from '@tenure/core';
import { openSegments } from '@tenure/event-log/segments';
import { partitionOf, type LogRecord } from '@tenure/event-log';
import { openSqliteReadModels } from '@tenure/read-models/sqlite';
import { runBuild } from '../src/build/run-build.ts';
import { column, projection, slice } from '../src/definition.ts';
import { shapeOf } from '../src/rules.ts';
import { startProjections, type ProjectionsOptions } from '../src/start.ts';

const [, , verb = '', dir = '', events = '1000000', customers = '100000'] = process.argv;
const PARTITIONS = 16;
const KEPT = 12;

type Item = { readonly at: number; readonly order: string; readonly by: string };
type Order = {
  count: number;
  first: number;
  last: number;
  items: readonly Item[];
  days: readonly number[];
};

const withDay = (days: readonly number[], day: number): readonly number[] =>
  days[0] === day ? days : [day, ...days].slice(0, KEPT);

const definition = projection({
  name: 'bench',
  version: 1,
  slices: {
    order: slice<Order, { OrderConfirmed: { orderId: string; confirmedBy: { id: string } } }>({
      init: () => ({ count: 0, first: 0, last: 0, items: [], days: [] }),
      on: {
        OrderConfirmed: (state, { occurredAt: at, data }) => ({
          count: state.count + 1,
          first: state.first === 0 ? at : state.first,
          last: at,
          items: [{ at, order: data.orderId, by: data.confirmedBy.id }, ...state.items].slice(0, KEPT),
          days: withDay(state.days, Math.floor(at / 86_400_000)),
        }),
      },
    }),
  },
  summarise: ({ order }) => ({ large: (order as Order).count > 8, idle: (order as Order).last }),
  columns: [
    column('orders', 'integer', ({ slices }) => (slices['order'] as Order).count, {
      en: 'Orders',
      zh: '订单数',
    }),
    column('last', 'integer', ({ slices }) => (slices['order'] as Order).last, { en: 'Last', zh: '最近' }),
    column('large', 'integer', ({ summary }) => ((summary as { large: boolean } | null)?.large ? 1 : 0), {
      en: 'Large',
      zh: '大客户',
    }),
  ],
});

const codec = createCodec();
const readModelsDir = join(dir, 'read-models');
const now = (): number => performance.timeOrigin + performance.now();
const engine = (): Omit<ProjectionsOptions, 'log' | 'readModels'> => ({
  codec,
  keys: { load: async () => new Map() },
  searchHashes: () => [],
  definitions: [{ definition, codeHash: 'bench' }],
  clock: { now },
});

const bodyOf = (i: number, customer: string): Uint8Array =>
  codec.encode(
    {
      id: uuid5(URL_NAMESPACE, 'bench', String(i)),
      type: 'OrderConfirmed',
      source: 'order',
      occurredAt: 1_700_000_000_000 + i * 1000,
      recordedAt: 1_700_000_000_000 + i * 1000,
      meta: { commandId: customer, correlationId: customer, actor: { kind: 'user', id: 'agent-7' } },
      customerId: customer,
      data: { orderId: customer, confirmedBy: { kind: 'user', id: `agent-${i % 50}` } },
    },
    undefined,
  );

const prepare = async (): Promise<object> => {
  const log = await openSegments({ dir: join(dir, 'log'), partitions: PARTITIONS });
  const seqs = Array.from({ length: PARTITIONS }, () => 0);
  const ids = Array.from({ length: Number(customers) }, (_, i) =>
    uuid5(URL_NAMESPACE, 'customer', String(i)),
  );
  const places = ids.map((id) => partitionOf(id, PARTITIONS));
  let bytes = 0;
  let pending = new Map<number, LogRecord[]>();
  const publish = async (): Promise<void> => {
    for (const [partition, records] of pending) await log.publish({ source: 'order', partition }, records);
    pending = new Map();
  };
  for (let i = 0; i < Number(events); i++) {
    const at = (i * 7_919) % ids.length;
    const key = ids[at] ?? '';
    const partition = places[at] ?? 0;
    const seq = (seqs[partition] = (seqs[partition] ?? 0) + 1);
    const body = bodyOf(i, key);
    bytes += body.length;
    const record = {
      position: i + 1,
      stream: `order-${key}`,
      revision: Math.floor(i / ids.length),
      key,
      body,
      seq,
    };
    const records = pending.get(partition) ?? [];
    records.push(record);
    pending.set(partition, records);
    if (i % 5_000 === 4_999) await publish();
  }
  await publish();
  await log.announce('order', Number(events));
  await log.flush();
  await log.close();
  return { events: Number(events), bytesPerEvent: Math.round(bytes / Number(events)) };
};

const open = async () => {
  const log = await openSegments({ dir: join(dir, 'log'), partitions: PARTITIONS });
  rmSync(readModelsDir, { recursive: true, force: true });
  const readModels = openSqliteReadModels({ dir: readModelsDir });
  return { log, readModels };
};

const rebuild = async (): Promise<object> => {
  const { log, readModels } = await open();
  const shape = shapeOf(definition);
  const writer = await readModels.create(shape, {
    codeHash: 'bench',
    version: 1,
    partitions: PARTITIONS,
    now: 0,
  });
  await writer.close();
  const heads = [];
  for (let partition = 0; partition < PARTITIONS; partition++)
    heads.push({ source: 'order', partition, seq: await log.head({ source: 'order', partition }) });
  const started = performance.now();
  const job = { projection: 'bench', generation: 1, heads, released: [], now: 0 };
  const result = await runBuild({ ...engine(), log, readModels, definition, codeHash: 'bench' }, job);
  const seconds = (performance.now() - started) / 1000;
  const reader = await readModels.openReader(shape, 1);
  const [sample] = await reader.scan('', 1);
  await reader.close();
  await log.close();
  return {
    ...result,
    seconds,
    eventsPerSecond: Math.round(result.events / seconds),
    bodyBytes: sample?.body.length,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
};

/** From an empty generation through all of the log, as a loop that was away. */
const catchup = async (): Promise<object> => {
  const { log, readModels } = await open();
  const writer = await readModels.create(shapeOf(definition), {
    codeHash: 'bench',
    version: 1,
    partitions: PARTITIONS,
    now: 0,
  });
  await writer.finishBuild();
  await writer.close();
  await readModels.activate('bench', null, 1, 0);
  const started = performance.now();
  const running = await startProjections({ ...engine(), log, readModels });
  await caughtUp(running);
  const seconds = (performance.now() - started) / 1000;
  await running.stop();
  const total = await totalOf(log);
  await log.close();
  return {
    events: total,
    seconds,
    eventsPerSecond: Math.round(total / seconds),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
};

const caughtUp = async (running: Awaited<ReturnType<typeof startProjections>>): Promise<void> => {
  while (!(await running.control.caughtUp('bench'))) await new Promise((resolve) => setTimeout(resolve, 20));
};

const totalOf = async (log: Awaited<ReturnType<typeof openSegments>>): Promise<number> => {
  let total = 0;
  for (let partition = 0; partition < PARTITIONS; partition++)
    total += await log.head({ source: 'order', partition });
  return total;
};

/** On a rebuilt generation: batches that touch each document once (documents/s), then heals. */
const live = async (): Promise<object> => {
  const { log, readModels } = await open();
  const running = await startProjections({ ...engine(), log, readModels });
  while ((await running.control.status({ digest: false }))[0]?.generation === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await caughtUp(running);
  const total = await totalOf(log);
  const ids = Array.from({ length: 60_000 }, (_, i) => uuid5(URL_NAMESPACE, 'customer', String(i)));
  const bodies = ids.map((id, i) => bodyOf(total + i, id));
  const started = performance.now();
  for (let from = 0; from < ids.length; from += 500) {
    const lanes = Map.groupBy(ids.slice(from, from + 500).entries(), ([, id]) => partitionOf(id, PARTITIONS));
    for (const [partition, members] of lanes) {
      const lane = { source: 'order', partition };
      let seq = await log.head(lane);
      await log.publish(
        lane,
        members.map(([i, key]) => ({
          position: total + from + i + 1,
          stream: `order-${key}`,
          revision: 99,
          key,
          body: bodies[from + i] ?? new Uint8Array(),
          seq: ++seq,
        })),
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await caughtUp(running);
  const seconds = (performance.now() - started) / 1000;
  const heals: number[] = [];
  for (const id of ids.slice(0, 5_000)) {
    const begun = performance.now();
    await running.control.heal('bench', [id]);
    heals.push(performance.now() - begun);
  }
  heals.sort((a, b) => a - b);
  await running.control.startReplay({ projection: 'bench', activate: false });
  while ((await running.control.replay('bench.g2')).verified === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const swapping = performance.now();
  await running.control.activate('bench', 2);
  const activationMs = performance.now() - swapping;
  await running.stop();
  await log.close();
  return {
    documents: ids.length,
    seconds,
    documentsPerSecond: Math.round(ids.length / seconds),
    activationMs,
    healP50: heals[2_500],
    healP99: heals[4_950],
  };
};

const verbs: Readonly<Record<string, () => Promise<object>>> = { prepare, rebuild, catchup, live };
const run = verbs[verb];
if (run === undefined || dir === '')
  throw new Error('usage: bench.ts prepare|rebuild|catchup|live DIR [events] [customers]');
process.stdout.write(`${JSON.stringify({ verb, ...(await run()) })}\n`);
