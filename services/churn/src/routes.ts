// The routes of churn: one customer's risk with the evidence behind it, and the board of all of them.
import type { RouteSpec } from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import { boardRoute } from './routes/board.ts';
import { customerChurnRoute } from './routes/customer-churn.ts';

export const churnRoutes = (definition: ProjectionDefinition): readonly RouteSpec[] => [
  customerChurnRoute(definition),
  boardRoute(definition),
];
