// Data keys for many commands at once: whoever asks while a call is under way shares the next one, so an import that
// meets thousands of new customers creates their keys in few flushes, and no timer is needed.
import { isTenureError } from '@tenure/core';
import type { DataKey, KeyStore } from '@tenure/keys';

/** One statement's worth; more go in the next call. */
const MAX_TOGETHER = 1000;

export interface DataKeys {
  /** @throws KEYS_DESTROYED for this customer alone */
  of(customerId: string): Promise<DataKey>;
}

type Waiting = { readonly resolve: (key: DataKey) => void; readonly reject: (error: unknown) => void };

export const createDataKeys = (keys: Pick<KeyStore, 'ensure'>): DataKeys => {
  const waiting = new Map<string, Waiting[]>();
  let running = false;

  const drain = async (): Promise<void> => {
    running = true;
    await Promise.resolve(); // let the rest of this tick join
    while (waiting.size > 0) {
      const group = [...waiting].slice(0, MAX_TOGETHER);
      for (const [customerId] of group) waiting.delete(customerId);
      await ensureGroup(keys, group);
    }
    running = false;
  };

  return {
    of: (customerId) =>
      new Promise((resolve, reject) => {
        const others = waiting.get(customerId);
        if (others === undefined) waiting.set(customerId, [{ resolve, reject }]);
        else others.push({ resolve, reject });
        if (!running) void drain();
      }),
  };
};

type Group = readonly (readonly [string, readonly Waiting[]])[];

/** Answers everybody of the group; never rejects. One destroyed customer must not refuse the others. */
const ensureGroup = async (keys: Pick<KeyStore, 'ensure'>, group: Group): Promise<void> => {
  try {
    const found = await keys.ensure(group.map(([customerId]) => customerId));
    for (const [customerId, waiters] of group) {
      const key = found.get(customerId);
      for (const { resolve, reject } of waiters) {
        if (key === undefined) reject(new TypeError('the key store left out a key that it was to ensure'));
        else resolve(key);
      }
    }
  } catch (error) {
    if (group.length > 1 && isTenureError(error, 'KEYS_DESTROYED'))
      for (const one of group) await ensureGroup(keys, [one]);
    else for (const [, waiters] of group) for (const { reject } of waiters) reject(error);
  }
};
