// The operations service: the sources `clock` and `ops`, and everything under /ops.
import type { RouteSpec } from '@tenure/http';
import type { OperationsPorts } from './ports.ts';
import { clockRoutes } from './routes/clock.ts';
import { eventRoutes } from './routes/events.ts';
import { importRoutes } from './routes/imports.ts';
import { jobRoutes } from './routes/jobs.ts';
import { repairRoutes } from './routes/repairs.ts';
import { replayRoutes } from './routes/replays.ts';
import { statusRoutes } from './routes/status.ts';

export * from './audit-chain.ts';
export * from './business-clock.ts';
export * from './business-days.ts';
export * from './ledger.ts';
export * from './open.ts';
export * from './ports.ts';

/** The sources this service owns: business days, and what was done to the platform. */
export const operationsSources = ['clock', 'ops'] as const;

/** Every route under /ops. */
export const operationsRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  ...statusRoutes(ports),
  ...clockRoutes(ports),
  ...replayRoutes(ports),
  ...repairRoutes(ports),
  ...importRoutes(ports),
  ...eventRoutes(ports),
  ...jobRoutes,
];
