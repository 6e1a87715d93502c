// The routes of customer-360: the whole customer, his timeline, and the customers that match.
import type { RouteSpec } from '@tenure/http';
import { customerListRoute, type ListParts } from './routes/customer-list.ts';
import { documentRoute } from './routes/document.ts';
import { timelineRoute } from './routes/timeline.ts';

export const customer360Routes = (parts: ListParts): readonly RouteSpec[] => [
  documentRoute(parts.definition),
  timelineRoute(parts.definition),
  customerListRoute(parts),
];
