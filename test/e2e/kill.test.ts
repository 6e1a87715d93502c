// kill -9 of the whole server while a file is imported: whatever moment, the next start and the same import complete it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../../packages/http/test/fuzz-values.ts';
import type { Json } from './client.ts';
import { digestsOf, importInPeace, importUnderKills, partsOf, startOnLastDay } from './kills.ts';
import { purchaseRows, recount, SAMPLE_COLUMNS } from './purchases.ts';
import { expectRecounted } from './recounted.ts';
import { temporaryFolder } from './server.ts';

const KILLS = Number(process.env['TENURE_KILLS'] ?? 5);
const SEED = Number(process.env['TENURE_SEED'] ?? 1);
/** Kills in one data directory. */
const PARTS = 5;

const folder = temporaryFolder();
const rows = purchaseRows(200, SEED);
const parts = partsOf(rows, PARTS, (part) => join(folder, `part-${part}.txt`));
const whole = { file: join(folder, `part-${PARTS - 1}.txt`), rows: rows.length };
const counted = recount(whole.file, SAMPLE_COLUMNS);

describe('kill -9 of a server during an import', { timeout: 60_000 + KILLS * 15_000 }, () => {
  let quiet: Json;
  beforeAll(async () => {
    const server = await startOnLastDay(join(folder, 'quiet'));
    quiet = await importInPeace(server, whole);
    await server.stop();
  }, 60_000);

  it(`leaves the documents of an uninterrupted import (${KILLS} kills, seed ${SEED})`, async () => {
    const random = randomOf(SEED);
    for (let kills = 0; kills < KILLS; kills += PARTS) {
      const data = join(folder, `killed-${kills}`);
      const { server, status } = await importUnderKills(data, parts, random);
      expect(status['events']).toMatchObject({ OrderPlaced: rows.length, CustomerRegistered: counted.size });
      expect(digestsOf(status)).toEqual(digestsOf(quiet));
      await expectRecounted(server, counted);
      await server.stop();
      rmSync(data, { recursive: true });
    }
  });
});
