// The customer has spent points. Vouchers count as well, once there are some.
import { recent, type ProtectiveFactor } from './factor.ts';

export const rewardUsed: ProtectiveFactor = {
  code: 'REWARD_USED',
  zh: '使用奖励',
  en: 'Used a reward',
  evidence: ({ loyalty }, at, rules) =>
    loyalty.memberships.flatMap(({ redeemed }) => recent(redeemed, at, rules)),
};
