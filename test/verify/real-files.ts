// Where the real files of purchases lie: beside the repository, never in it.
import { join } from 'node:path';

const folder =
  process.env['TENURE_REAL_FILES'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

export const SAMPLE = join(folder, 'CDNOW_sample.txt');
export const MASTER = join(folder, 'CDNOW_master.txt');
