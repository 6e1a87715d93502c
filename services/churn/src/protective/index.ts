// All protective factors.
import type { ProtectiveFactor } from './factor.ts';
import { promoter } from './promoter.ts';
import { remedyAccepted } from './remedy-accepted.ts';
import { rewardUsed } from './reward-used.ts';

export const protectiveFactors: readonly ProtectiveFactor[] = [promoter, remedyAccepted, rewardUsed];
