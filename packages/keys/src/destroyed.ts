// The refusals every key store shares.
import { TenureError } from '@tenure/core';

/** No new personal data about a customer whose keys were destroyed. */
export const keysDestroyed = (customerIds: readonly string[]): TenureError =>
  new TenureError(
    'KEYS_DESTROYED',
    'The keys of this customer were destroyed on his request; personal data about him can no longer be recorded.',
    { customerIds },
  );
