import { readModelsContract } from '../src/contract.ts';
import { openMemoryReadModels } from '../src/memory.ts';

readModelsContract('memory', async () => {
  const models = openMemoryReadModels();
  return { open: async () => models, openReadOnly: async () => models, remove: async () => {} };
});
