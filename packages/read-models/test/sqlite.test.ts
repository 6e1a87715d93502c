import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelsContract } from '../src/contract.ts';
import { openSqliteReadModels } from '../src/sqlite/index.ts';

readModelsContract('sqlite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-read-models-'));
  return {
    open: async () => openSqliteReadModels({ dir }),
    openReadOnly: async () => openSqliteReadModels({ dir, readOnly: true }),
    remove: async () => rmSync(dir, { recursive: true }),
  };
});
