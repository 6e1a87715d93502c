// A key store without files, for the simulation and for tests of what stands on the port.
import { createSecretKey } from 'node:crypto';
import { keysDestroyed } from './destroyed.ts';
import type { DataKey, KeyStore } from './key-store.ts';
import { newKid, type RandomBytes } from './random.ts';

/** Keys live as long as the object. `random` may be seeded; `now` (ms) is when the first epoch begins. */
export const memoryKeyStore = (random: RandomBytes, now: number): KeyStore => {
  const keys = new Map<string, DataKey>();
  const destroyed = new Map<string, readonly string[]>();
  let epoch = { epoch: 1, since: now };
  const present = (ids: readonly string[]): ReadonlyMap<string, DataKey> => {
    const found = new Map<string, DataKey>();
    for (const id of ids) {
      const key = keys.get(id);
      if (key !== undefined) found.set(id, key);
    }
    return found;
  };
  const create = (id: string): void => {
    if (!keys.has(id)) keys.set(id, { kid: newKid(random), key: createSecretKey(random(32)) });
  };
  return {
    load: async (ids) => present(ids),
    async ensure(ids) {
      const gone = ids.filter((id) => destroyed.has(id));
      if (gone.length > 0) throw keysDestroyed(gone);
      ids.forEach(create);
      return present(ids);
    },
    async destroy(id) {
      const key = keys.get(id);
      const kids = destroyed.get(id) ?? (key === undefined ? [] : [key.kid]);
      keys.delete(id);
      destroyed.set(id, kids);
      return kids;
    },
    async rotate(at) {
      epoch = { epoch: epoch.epoch + 1, since: at };
      return keys.size;
    },
    status: async () => ({ ...epoch, keys: keys.size }),
    close: async () => {},
  };
};
