// The live loop of the real customer-360: a document a time, and a generation that was away for the whole log.
import { cpSync } from 'node:fs';
import { openSegments } from '../../packages/event-log/src/segments/index.ts';
import { shapeOf } from '../../packages/projections/src/rules.ts';
import { openSqliteReadModels } from '../../packages/read-models/src/sqlite/index.ts';
import { build } from './build.ts';
import { keptLog, lanesOf, PARTITIONS, type Places } from './dataset.ts';
import { caughtUp, codeHash, definition, MODEL, startEngine } from './engine.ts';
import { eventsOf, type BenchEvent } from './events.ts';
import { median, roundsOf, type Bench } from './figures.ts';
import { emptyFolder } from './places.ts';

/** Events that arrive together, each for another customer. */
const BATCH = 500;
const DOCUMENTS = 20_000;
const CATCH_UPS = 3; // a million events each

const catchUp = async (folder: string, events: number): Promise<number> => {
  const log = await openSegments({ dir: folder, partitions: PARTITIONS });
  const readModels = openSqliteReadModels({ dir: emptyFolder('live-models') });
  const about = { codeHash, version: definition.version, partitions: PARTITIONS, now: 0 };
  const writer = await readModels.create(shapeOf(definition), about);
  await writer.finishBuild();
  await writer.close();
  await readModels.activate(MODEL, null, 1, 0);
  const begun = performance.now();
  const running = await startEngine(log, readModels);
  await caughtUp(running);
  const seconds = (performance.now() - begun) / 1_000;
  await running.stop();
  await log.close();
  return events / seconds;
};

const documents = async (folder: string, events: number, rounds: number) => {
  const copy = emptyFolder('live-log');
  cpSync(folder, copy, { recursive: true });
  const models = emptyFolder('live-models');
  const { bodyBytes } = await build(copy, models);
  const log = await openSegments({ dir: copy, partitions: PARTITIONS });
  const readModels = openSqliteReadModels({ dir: models });
  await readModels.activate(MODEL, null, 1, 0);
  const running = await startEngine(log, readModels);
  await caughtUp(running);
  const places: Places = { positions: new Map(), seqs: new Map() };
  for (const source of ['customer', 'order'])
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const lane = { source, partition };
      places.seqs.set(`${source}/${partition}`, await log.head(lane));
      places.positions.set(source, Math.max(places.positions.get(source) ?? 0, await log.headPosition(lane)));
    }
  let from = Math.ceil((events + 3) / 3) * 3;
  const all = await roundsOf(rounds, async () => {
    const orders = [...eventsOf(events, from, from + DOCUMENTS * 3)];
    from += DOCUMENTS * 3;
    const placed = orders.filter(({ type }) => type === 'OrderPlaced');
    const begun = performance.now();
    for (let i = 0; i < placed.length; i += BATCH) {
      await publish(log, placed.slice(i, i + BATCH), places);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await caughtUp(running);
    return placed.length / ((performance.now() - begun) / 1_000);
  });
  await running.stop();
  await log.close();
  return { perSecond: median(all), bodyBytes };
};

type Log = Awaited<ReturnType<typeof openSegments>>;

const publish = async (log: Log, events: readonly BenchEvent[], places: Places): Promise<void> => {
  for (const { source, partition, records } of lanesOf(events, places).values())
    await log.publish({ source, partition }, records);
};

export const bench: Bench = async ({ events, rounds }) => {
  const folder = await keptLog(events);
  const { perSecond, bodyBytes } = await documents(folder, events, rounds);
  const catchUps: number[] = [];
  for (let i = 0; i < CATCH_UPS; i++) catchUps.push(await catchUp(folder, events));
  return {
    about: { events, document: `${bodyBytes} B`, batch: BATCH, durability: 'synchronous=NORMAL', rounds },
    figures: [
      { name: 'live documents', value: perSecond, unit: 'documents/s', goal: { atLeast: 12_000 } },
      { name: 'catch-up', value: median(catchUps), unit: 'events/s', goal: { atLeast: 32_000 } },
    ],
  };
};
