// Ids that follow from others: a repetition meets what the first one wrote.
import { uuid5 } from '@tenure/core';

/** One account per customer and programme. */
export const accountIdOf = (customerId: string, programId: string): string => uuid5(customerId, programId);

type Earning = {
  readonly sourceType: string;
  readonly sourceId: string;
  readonly sourceLineId?: string | null | undefined;
  readonly ruleId: string;
};

/** One lot per source, line and rule of an account. */
export const earnedLotId = (
  accountId: string,
  { sourceType, sourceId, sourceLineId, ruleId }: Earning,
): string => uuid5(accountId, sourceType, sourceId, sourceLineId ?? '', ruleId);
