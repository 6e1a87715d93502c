// Whether a caller may use a route: the one question that is asked before anything of the request is read.
import { TenureError } from '@tenure/core';
import { authorize, rightOfCommand, type Decision, type Principal } from './access.ts';
import { forbidden } from './problems.ts';
import type { Access } from './route.ts';

export type Permission = { readonly reach: 'all' | 'own'; readonly persons: 1 | 2 };

const FREE: Permission = { reach: 'all', persons: 1 };

/** Of several rights one is enough; the widest counts. */
const decide = (principal: Principal, access: Exclude<Access, 'public' | { token: 'any' }>): Decision => {
  if ('command' in access) return authorize(principal, rightOfCommand(access.command), access);
  let best: Decision = { allowed: false, needs: [] };
  for (const right of access.rights) {
    const decision = authorize(principal, right);
    if (decision.allowed) {
      if (!best.allowed || decision.reach === 'all') best = decision;
    } else if (!best.allowed)
      best = { allowed: false, needs: [...new Set([...best.needs, ...decision.needs])] };
  }
  return best;
};

export const unauthenticated = (basic: boolean): TenureError =>
  new TenureError(
    'UNAUTHENTICATED',
    'Send a token as "Authorization: Bearer …"; tenure token ROLE makes one for scripts.',
    basic ? { basic } : {},
  );

/** @throws UNAUTHENTICATED, FORBIDDEN */
export const permit = (access: Access, principal: Principal | undefined, failure: unknown): Permission => {
  if (access === 'public') return FREE;
  if (failure !== undefined) throw failure;
  if (principal === undefined) throw unauthenticated('token' in access && access.basic === true);
  if ('token' in access) return FREE;
  const decision = decide(principal, access);
  if (decision.allowed) return decision;
  throw forbidden(decision.needs, 'The roles of this token do not allow this; `needs` names those that do.');
};
