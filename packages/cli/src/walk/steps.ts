// All steps of the walk, in order.
import { churning } from './rows/churn.ts';
import { becoming } from './rows/lead.ts';
import { winning } from './rows/opportunity.ts';
import { buyingAndMeeting } from './rows/orders.ts';
import { returning } from './rows/return.ts';
import { serving } from './rows/service.ts';
import { setup } from './rows/setup.ts';
import type { WalkStep } from './step.ts';

/** One customer through all five stages, January to May 2026. */
export const walkSteps: readonly WalkStep[] = [
  ...setup,
  ...becoming,
  ...winning,
  ...buyingAndMeeting,
  ...serving,
  ...returning,
  ...churning,
];
