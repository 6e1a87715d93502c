// What the passing of time does to an account: lots come free, lots expire, a year closes.
import { dateAt, type CalendarDate } from '@tenure/core';
import type { Deadlines, DeadlineSet } from '@tenure/service-kit';
import type { AccountState } from './account-state.ts';
import { isLive, type Lot } from './lots.ts';
import type { LimitsPolicy } from './policy.ts';
import { reviewYear, yearAt } from './tiers.ts';

type About = Parameters<NonNullable<Deadlines['states']>[string]>[1];

/** Day by day what is due, the earliest first: one command frees or voids all that is. */
const earliest = (
  lots: readonly Lot[],
  dayOf: (lot: Lot) => CalendarDate | null,
): { readonly day: CalendarDate; readonly count: number } | null => {
  let day: CalendarDate | null = null;
  let count = 0;
  for (const lot of lots) {
    const due = dayOf(lot);
    if (due === null || (day !== null && due > day)) continue;
    count = due === day ? count + 1 : 1;
    day = due;
  }
  return day === null ? null : { day, count };
};

/** The last day on which a lot is locked: it comes free when that has closed. */
const lockedUntil =
  (zone: string) =>
  ({ locked, availableAt }: Lot): CalendarDate | null =>
    locked ? dateAt(availableAt - 1, zone) : null;

/** One command per so many lots of the day: a command has a limit. */
const sets = (
  about: About,
  name: string,
  due: { readonly day: CalendarDate; readonly count: number } | null,
  of: { readonly command: string; readonly body: object; readonly perCommand: number },
): readonly DeadlineSet[] => {
  if (due === null) return [];
  const { id, customerId } = about;
  return Array.from({ length: Math.ceil(due.count / of.perCommand) }, (_, i) => ({
    set: `loyaltyaccount-${id}/${name}${i === 0 ? '' : `/${i}`}`,
    day: due.day,
    command: { aggregate: 'loyaltyaccount', id, customerId, command: of.command, body: of.body },
  }));
};

/** The end of the year at which the tier falls by what is known; nobody falls from the lowest. */
const review = (state: AccountState, about: About): readonly DeadlineSet[] => {
  const { tier, tierSince, earned } = state;
  if (tier.threshold === 0) return [];
  const year = reviewYear(earned, tier.threshold, yearAt(tierSince, about.zone), about.zone);
  const of = { command: 'ChangeTier', body: { closedYear: year }, perCommand: 1 };
  return sets(about, 'tier', { day: `${year}-12-31`, count: 1 }, of);
};

const accountDeadlines = (state: AccountState, about: About): readonly DeadlineSet[] => {
  if (state.status === 'Closed') return [];
  const lots = state.lots.filter(isLive);
  const { lotsPerCommand } = about.policies.at<LimitsPolicy>(
    'limits',
    dateAt(state.enrolledAt, about.zone),
  ).account;
  const of = (command: string) => ({ command, body: {}, perCommand: lotsPerCommand });
  return [
    ...sets(about, 'unlock', earliest(lots, lockedUntil(about.zone)), of('UnlockPoints')),
    ...sets(
      about,
      'expire',
      earliest(lots, ({ expiresOn }) => expiresOn),
      of('ExpirePoints'),
    ),
    ...review(state, about),
  ];
};

export const deadlines: Deadlines = {
  on: {},
  states: { loyaltyaccount: (state, about) => accountDeadlines(state as AccountState, about) },
};
