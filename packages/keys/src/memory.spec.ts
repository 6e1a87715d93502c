import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import { keyStoreContract } from './contract.ts';
import { memoryKeyStore } from './memory.ts';

describe('memoryKeyStore', () => {
  keyStoreContract(async () => {
    const store = memoryKeyStore(randomBytes, 0);
    return { store, close: () => store.close() };
  });
});
