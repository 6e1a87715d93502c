// docs/reference/transitions.md: every aggregate × state × command, as the specifications exercise it.
//
//   node tools/transitions.ts                 runs the specifications of the services and writes the page
//   node tools/transitions.ts --check CELLS   compares it with what a run of them has written down (TENURE_CELLS)
//
// Fails when a cell that is allowed has no specification.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cell } from '../packages/testing/src/cells.ts';
import { platform } from '../services/platform/src/services.ts';
import { transitionsPage, unexercised } from './reference/transitions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/reference/transitions.md');
const [mode, given] = process.argv.slice(2);

/** Runs the specifications of the services; what they write down is the material. */
const runSpecs = (): readonly Cell[] => {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-cells-'));
  const file = join(folder, 'cells.ndjson');
  try {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const done = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', 'services/'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, TENURE_CELLS: file },
    });
    if (done.status !== 0)
      throw new Error('The specifications fail: mend them first (npm test -- --project unit services).');
    return cellsIn(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const cellsIn = (file: string): readonly Cell[] => {
  if (!existsSync(file)) throw new Error(`No specification has written anything to ${file}.`);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Cell);
};

const aggregates = platform.services.flatMap((service) =>
  service.aggregates.map((spec) => ({ service: service.name, spec })),
);
const cells = mode === '--check' && given !== undefined ? cellsIn(given) : runSpecs();
const missing = unexercised(aggregates, cells);
for (const cell of missing) console.error(`${cell} is allowed and has no specification`);
const text = transitionsPage(aggregates, cells);
if (mode !== '--check') writeFileSync(page, text);
else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
  console.error(
    'docs/reference/transitions.md is stale: run `node tools/transitions.ts` and commit what it writes.',
  );
  process.exitCode = 1;
}
if (missing.length > 0) process.exitCode = 1;
else console.error(`${aggregates.length} aggregates, every allowed cell has a specification`);
