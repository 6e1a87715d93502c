// Points that nobody touches, or that expire before anybody does.
import { z } from 'zod';
import type { Moment } from '../moment.ts';
import type { Membership } from '../slices/loyalty-slice.ts';
import { signal } from './signal.ts';

const parameters = z.strictObject({
  idleDays: z.int().min(1),
  expiredDays: z.int().min(1),
  /** Expired ÷ (balance + expired), while nothing was redeemed. */
  expiredShare: z.number().min(0).max(1),
});
type Parameters = z.infer<typeof parameters>;

export const pointsDormant = signal({
  code: 'POINTS_DORMANT',
  kind: 'state',
  zh: '积分沉睡',
  en: 'Points lie idle',
  parameters,
  evaluate({ loyalty }, at, rules) {
    const dormant = loyalty.memberships.filter((membership) => isDormant(membership, at, rules));
    const activeOn = dormant
      .map(({ active }) => active.on)
      .toSorted()
      .at(-1);
    if (activeOn === undefined) return null;
    return {
      severity: 1,
      observed: {
        balance: dormant.reduce((sum, { balance }) => sum + balance, 0),
        activeOn,
      },
      threshold: { idleDays: rules.idleDays, expiredShare: rules.expiredShare },
      events: dormant.flatMap(({ active, expired }) => [active, ...expired]),
    };
  },
});

const isDormant = (
  { balance, active, closed, expired, redeemed }: Membership,
  at: Moment,
  { idleDays, expiredDays, expiredShare }: Parameters,
): boolean => {
  if (closed || balance <= 0) return false;
  if (at.reached(active.on, idleDays)) return true;
  const lost = expired
    .filter(({ on }) => at.within(on, expiredDays))
    .reduce((sum, { points }) => sum + points, 0);
  if (lost === 0 || lost / (balance + lost) < expiredShare) return false;
  return redeemed === null || !at.within(redeemed.on, expiredDays);
};
