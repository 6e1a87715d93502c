// A file of purchases through `tenure import`, until every row is durable, and how far behind the 360 then is.
import { join } from 'node:path';
import { purchaseRows, writeRows } from '../e2e/purchases.ts';
import { median, type Bench } from './figures.ts';
import { rawFlush, rawGroupCommit } from './limits.ts';
import { emptyFolder } from './places.ts';
import { startPlatform } from './platform.ts';
import { ask, runJson, until } from './server.ts';

const CUSTOMERS = 6_000;
const EVENTS_PER_ORDER = 3;
const EVENT_BYTES = 300;

type Imported = {
  readonly orders: number;
  readonly ms: number;
  readonly behindMs: number;
  readonly delayP99: number;
};

const importOnce = async (file: string, round: number): Promise<Imported> => {
  const platform = await startPlatform(emptyFolder(`import-${round}`));
  platform.resetDelay();
  const begun = performance.now();
  const args = ['--data', platform.data, '--json', 'import', 'orders', file, '--mapping', 'cdnow-sample'];
  const json = await runJson('packages/cli/src/main.ts', args);
  const ended = performance.now();
  await until('the 360 has caught up', async () => {
    const { projections } = await ask(platform, 'GET', '/ops/status');
    return projections['customer-360'].lagEvents === 0;
  });
  const behindMs = performance.now() - ended;
  const { p99 } = await platform.end();
  return { orders: json['accepted'] as number, ms: ended - begun, behindMs, delayP99: p99 };
};

export const bench: Bench = async ({ file, rounds }) => {
  const folder = emptyFolder('import-file');
  const rows = file ?? writeRows(join(folder, 'purchases.txt'), purchaseRows(CUSTOMERS, 1));
  const raw = rawGroupCommit(64 * EVENTS_PER_ORDER, EVENT_BYTES) / EVENTS_PER_ORDER;
  const imports: Imported[] = [];
  for (let i = 0; i < rounds; i++) imports.push(await importOnce(rows, i));
  const of = (pick: (one: Imported) => number): number => median(imports.map(pick));
  return {
    about: {
      file: file ?? `generated, ${CUSTOMERS} customers`,
      orders: imports[0]?.orders ?? 0,
      rounds,
      flush: `${rawFlush().toFixed(2)} ms`,
      measured: 'the whole command, its start and the opening of an empty server’s first files included',
    },
    figures: [
      {
        name: 'import to durable',
        value: of(({ orders, ms }) => orders / (ms / 1_000)),
        unit: 'orders/s',
        goal: { atLeast: 15_000 },
        limit: { name: 'raw group commit', value: raw },
      },
      {
        name: 'the 360 behind at the end',
        value: of(({ behindMs }) => behindMs),
        unit: 'ms',
        goal: { atMost: 100 },
      },
      {
        name: 'event-loop delay of the HTTP thread, p99',
        value: of(({ delayP99 }) => delayP99),
        unit: 'ms',
        goal: { atMost: 10 },
      },
    ],
  };
};
