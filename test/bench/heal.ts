// Healing one customer after the other: all its events read, folded anew, compared, written. And what finding them costs.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSegments } from '../../packages/event-log/src/segments/index.ts';
import { openSqliteReadModels } from '../../packages/read-models/src/sqlite/index.ts';
import { build } from './build.ts';
import { keptLog } from './dataset.ts';
import { caughtUp, MODEL, startEngine } from './engine.ts';
import { customerIdOf, EVENTS_PER_CUSTOMER } from './events.ts';
import { median, percentile, roundsOf, type Bench } from './figures.ts';
import { emptyFolder } from './places.ts';

const HEALS = 2_000;

/** Bytes of the indexes of sealed segments, and of the segments. */
const sizesOf = (folder: string): { readonly index: number; readonly segments: number } => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const size = (ending: string): number =>
    files
      .filter((file) => file.endsWith(ending))
      .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return { index: size('.idx'), segments: size('.seg') };
};

export const bench: Bench = async ({ events, rounds }) => {
  const folder = await keptLog(events);
  const models = emptyFolder('heal-models');
  const { bodyBytes } = await build(folder, models);
  const readModels = openSqliteReadModels({ dir: models });
  await readModels.activate(MODEL, null, 1, 0);
  const log = await openSegments({ dir: folder, partitions: 16 });
  const running = await startEngine(log, readModels);
  await caughtUp(running);
  const customers = Math.ceil(events / EVENTS_PER_CUSTOMER);
  let next = 0;
  const all = await roundsOf(rounds, async () => {
    const times: number[] = [];
    for (let i = 0; i < HEALS; i++) {
      const id = customerIdOf((next++ * 104_729) % customers); // a prime: no two neighbours
      const begun = performance.now();
      await running.control.heal(MODEL, [id]);
      times.push(performance.now() - begun);
    }
    return times;
  });
  await running.stop();
  await log.close();
  const sizes = sizesOf(folder);
  return {
    about: {
      events,
      document: `${bodyBytes} B`,
      eventsPerCustomer: EVENTS_PER_CUSTOMER,
      heals: HEALS,
      rounds,
    },
    figures: [
      { name: 'heal p50', value: median(all.map(median)), unit: 'ms', goal: { atMost: 0.2 } },
      {
        name: 'heal p99',
        value: median(all.map((times) => percentile(times, 0.99))),
        unit: 'ms',
        goal: { atMost: 2 },
      },
      { name: 'index of the log', value: sizes.index / events, unit: 'B/event', goal: { atMost: 8 } },
      { name: 'segments of the log', value: sizes.segments / events, unit: 'B/event' },
    ],
  };
};
