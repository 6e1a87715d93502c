// RemedyFulfilment: points that a complaint was settled with, to be spent at once. (Vouchers wait for their aggregate.)
import { NOTHING } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { ServiceEvents } from '@tenure/events/generated/service';
import { reaction, type Reaction } from '@tenure/service-kit';
import { isLive } from '../program.ts';
import { membershipsOf, type Membership } from '../programs.ts';
import { enrols } from './enrol.ts';

type Accepted = DecodedEvent<string, ServiceEvents['RemedyAccepted']>;
type Gathered = { readonly memberships: readonly Membership[] };

/** What stands for a rule on lots that no rule of the programme gave. */
const RULE = 'remedy';

/** The account he has, else the one he would have: promised once, given once. */
const chosen = (memberships: readonly Membership[], at: number, zone: string): Membership | undefined => {
  const live = memberships.filter(({ program }) => isLive(program, at, zone));
  return (
    live.find(({ account }) => account.status === 'Active') ??
    live.find(({ account }) => account.status === NOTHING)
  );
};

export const remedyFulfilment: Reaction = reaction<Gathered>({
  name: 'RemedyFulfilment',
  on: { service: ['RemedyAccepted'] },
  gather: async (sources, { key }) => ({ memberships: await membershipsOf(sources, key) }),
  react(event, { zone, gathered: { memberships } }) {
    const { kind, points, complaintId } = (event as Accepted).data;
    const membership = chosen(memberships, event.occurredAt, zone);
    if (kind !== 'POINTS' || points === null || membership === undefined) return [];
    // Both at every delivery: their place in the list is their id. A member is not enrolled again.
    return [
      enrols(membership, event.key),
      {
        aggregate: 'loyaltyaccount',
        id: membership.accountId,
        customerId: event.key,
        command: 'AccruePoints',
        body: { sourceType: 'COMPLAINT_REMEDY', sourceId: complaintId, ruleId: RULE, points },
      },
    ];
  },
});
