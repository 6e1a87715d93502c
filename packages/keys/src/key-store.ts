// The KeyStore port: one data key per customer, wrapped by the key of the current epoch, destroyed for good.
import type { KeyObject } from 'node:crypto';

/** A customer's data key, ready for AES-256-GCM. `kid` stands in every block sealed with it. */
export type DataKey = { readonly kid: string; readonly key: KeyObject };

export interface KeyStore {
  /** The keys of those customers that have one; a customer without (none yet, or destroyed) is absent. */
  load(customerIds: readonly string[]): Promise<ReadonlyMap<string, DataKey>>;
  /**
   * Like `load`, and creates what is missing: all of a call together, durable before the promise resolves.
   * Throws KEYS_DESTROYED for a customer whose keys were destroyed: no new personal data about him.
   */
  ensure(customerIds: readonly string[]): Promise<ReadonlyMap<string, DataKey>>;
  /** Destroys the customer's keys for good, in files, logs and every cache of this process. Idempotent; answers the ids. */
  destroy(customerId: string): Promise<readonly string[]>;
  /** Starts a new epoch: surviving keys are wrapped anew, the old epoch's key is destroyed. Answers how many were wrapped. */
  rotate(now: number): Promise<number>;
  /** The epoch in force, when it began (ms), and how many keys live. */
  status(): Promise<{ readonly epoch: number; readonly since: number; readonly keys: number }>;
  close(): Promise<void>;
}
