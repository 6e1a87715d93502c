// Acts on the platform are audited: who did what, by which request.
import type { Kit, RouteRequest } from '@tenure/http';

type Actor = Pick<RouteRequest, 'principal' | 'requestId'>;

/** Resolves when the entry is durable. `route`: the template; `act`: what was done, ids and names of parts only. */
export const recordAct = (
  { audit, wallClock }: Pick<Kit, 'audit' | 'wallClock'>,
  { principal: { sub, roles }, requestId }: Actor,
  route: string,
  act: string,
): Promise<void> => audit.write({ kind: 'act', at: wallClock(), sub, roles, route, requestId, act });
