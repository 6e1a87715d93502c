// Everything that loyalty does because of what happened elsewhere, or to itself.
import type { Reaction } from '@tenure/service-kit';
import { orderToLoyalty } from './order-to-loyalty.ts';
import { pointsTransfer } from './points-transfer.ts';
import { remedyFulfilment } from './remedy-fulfilment.ts';
import { retentionDesk } from './retention-desk.ts';
import { returnToLoyalty } from './return-to-loyalty.ts';
import { tierEvaluation } from './tier-evaluation.ts';

export const reactions: readonly Reaction[] = [
  orderToLoyalty,
  returnToLoyalty,
  tierEvaluation,
  pointsTransfer,
  remedyFulfilment,
  retentionDesk,
];
