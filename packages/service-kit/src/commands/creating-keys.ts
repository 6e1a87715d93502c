// Creating keys that this instance saw lately, with the id each of them made: the command id of a creation holds its id,
// so the same key with another id would go unnoticed (HTTP §3).
import { UNIT_SEPARATOR } from '@tenure/core';
import { isIssued, type Prepared } from './prepare.ts';
import { createRecent } from './recent.ts';
import { keyReused } from './refusals.ts';

export const REMEMBERED_CREATING_KEYS = 10_000;

export interface CreatingKeys {
  /** Answers how to forget it again: refusals are not remembered. @throws IDEMPOTENCY_KEY_REUSED when the key has made another id, or is about to */
  enter(prepared: Prepared): () => void;
}

const nothing = (): void => {};

export const createCreatingKeys = (limit = REMEMBERED_CREATING_KEYS): CreatingKeys => {
  const ids = createRecent<string>(limit);
  return {
    enter({ request, id }) {
      if (request.id !== undefined || isIssued(request)) return nothing;
      const name = [request.principal, request.route, request.key].join(UNIT_SEPARATOR);
      const known = ids.get(name);
      if (known === id) return nothing;
      if (known !== undefined) throw keyReused();
      ids.set(name, id);
      return () => ids.delete(name);
    },
  };
};
