// Every route under /ops.
import type { RouteSpec } from '@tenure/http';
import type { OperationsPorts } from './ports.ts';
import { clockRoutes } from './routes/clock.ts';
import { eventRoutes } from './routes/events.ts';
import { importRoutes } from './routes/imports.ts';
import { logRoute } from './routes/log.ts';
import { repairRoutes } from './routes/repairs.ts';
import { replayRoutes } from './routes/replays.ts';
import { statusRoutes } from './routes/status.ts';

/** Every route under /ops. */
export const operationsRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  ...statusRoutes(ports),
  ...clockRoutes(ports),
  ...replayRoutes(ports),
  ...repairRoutes(ports),
  ...importRoutes(ports),
  ...eventRoutes(ports),
  logRoute(ports),
];
