// Where benchmarks keep what they generate (kept between runs) and what they write (removed by the next run).
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
export const DATA = join(ROOT, '.data', 'bench');

/** An empty folder on the same disk as the data of the product. */
export const emptyFolder = (name: string): string => {
  const folder = join(DATA, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};
