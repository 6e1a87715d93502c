// Puts an application together from services, further routes and the ports behind them.
import { randomUUID } from 'node:crypto';
import { createRegistry, type Registry } from '@tenure/events';
import type { Express } from 'express';
import { batchRoute } from './batch.ts';
import { expressApp } from './app.ts';
import { commandRoutes } from './command-routes.ts';
import type { Kit } from './kit.ts';
import { LIMITS, type Limits } from './limits.ts';
import { listRoutes } from './list-routes.ts';
import type { Logger } from './logger.ts';
import { registryRoutes } from './registry-routes.ts';
import { checkAccess, type RouteSpec } from './route.ts';
import { routeTable, withoutReplaced } from './route-table.ts';
import { documentRoutes, healthRoutes, type Readiness } from './server-routes.ts';
import { verifier, type AuthOptions } from './tokens.ts';
import { viewRoutes } from './view-routes.ts';

export type AppOptions = Kit & {
  /** Routes of projection services and operations. One with method and path of a generated route replaces it. */
  readonly routes: readonly RouteSpec[];
  readonly auth: AuthOptions;
  readonly readiness: () => Readiness | Promise<Readiness>;
  readonly logger: Logger;
  readonly version: string;
  readonly limits?: Limits;
  /** The schemas that /registry serves; those of this build by default. */
  readonly registry?: () => Registry;
  /** Request ids; random UUIDs by default. */
  readonly newId?: () => string;
};

/**
 * The Express application. Commands, views and lists come from the services' definitions.
 * @throws TypeError at once for a route without access policy, two routes of one shape, a list without its columns.
 */
export const createApp = (
  options: AppOptions,
): { readonly app: Express; readonly routes: readonly RouteSpec[] } => {
  const {
    routes: declared,
    auth,
    readiness,
    logger,
    version,
    limits = LIMITS,
    registry = shippedRegistry(),
    newId = randomUUID,
    ...kit
  } = options;
  const { stopping } = kit;
  const generated = [
    ...commandRoutes(kit.services),
    ...listRoutes(kit.services),
    ...viewRoutes(kit.services),
    batchRoute({ services: kit.services, logger, stopping }),
    ...healthRoutes(readiness, stopping),
    ...registryRoutes(registry),
  ];
  const routes: readonly RouteSpec[] = [
    ...withoutReplaced(generated, declared),
    ...declared,
    ...documentRoutes(() => routes, version),
  ];
  for (const spec of routes) checkAccess(spec);
  const table = routeTable(routes);
  const app = expressApp({ kit, routes: table, verify: verifier(auth), limits, logger, stopping, newId });
  return { app, routes };
};

const shippedRegistry = (): (() => Registry) => {
  let made: Registry | undefined;
  return () => (made ??= createRegistry());
};
