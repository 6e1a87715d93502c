// Creating keys that this instance saw lately, with the id each of them made: the command id of a creation holds its id,
// so the same key with another id would go unnoticed (HTTP §3).
import { UNIT_SEPARATOR } from '@tenure/core';
import type { CommandResult } from '../command.ts';
import { isIssued, type Prepared } from './prepare.ts';
import { keyReused } from './refusals.ts';

export const REMEMBERED_CREATING_KEYS = 10_000;

export interface CreatingKeys {
  /** @throws IDEMPOTENCY_KEY_REUSED when the key has made another id, or is about to */
  guard(prepared: Prepared, work: () => Promise<CommandResult>): Promise<CommandResult>;
}

export const createCreatingKeys = (limit = REMEMBERED_CREATING_KEYS): CreatingKeys => {
  const ids = new Map<string, string>();
  return {
    async guard(prepared, work) {
      const { request, id } = prepared;
      if (request.id !== undefined || isIssued(request)) return work();
      const name = [request.principal, request.route, request.key].join(UNIT_SEPARATOR);
      const known = ids.get(name);
      if (known !== undefined && known !== id) throw keyReused();
      ids.delete(name);
      ids.set(name, id);
      for (const oldest of ids.keys()) {
        if (ids.size <= limit) break;
        ids.delete(oldest);
      }
      try {
        return await work();
      } catch (error) {
        if (known === undefined) ids.delete(name); // refusals are not remembered: mend and send again
        throw error;
      }
    },
  };
};
