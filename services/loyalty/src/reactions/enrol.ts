// A customer becomes a member because something earned him points.
import type { IssuedCommand } from '@tenure/service-kit';
import type { Membership } from '../programs.ts';

export const enrols = (
  { programId, accountId }: Pick<Membership, 'programId' | 'accountId'>,
  customerId: string,
): IssuedCommand => ({
  aggregate: 'loyaltyaccount',
  id: accountId,
  customerId,
  command: 'EnrolMember',
  body: { customerId, programId },
});
