// RetentionDesk: opens a case at a high risk, closes it when the customer buys again or is gone.
import { formatInstant } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { ChurnEvents } from '@tenure/events/generated/churn';
import type { OrderEvents } from '@tenure/events/generated/order';
import type { RetentionCaseOpened } from '@tenure/events/generated/loyalty';
import {
  reaction,
  readParty,
  type ContextSources,
  type IssuedCommand,
  type Reaction,
} from '@tenure/service-kit';
import { readCustomer, type KnownCustomer } from '../customer-lookup.ts';
import type { RetentionPolicy } from '../policy.ts';
import { retentionCaseIdOf } from '../retention-case.ts';
import { casesOf, isOpen } from '../retention-cases.ts';

type Heard =
  | DecodedEvent<'ChurnRiskChanged', ChurnEvents['ChurnRiskChanged']>
  | DecodedEvent<'CustomerChurned', ChurnEvents['CustomerChurned']>
  | DecodedEvent<'OrderPlaced', OrderEvents['OrderPlaced']>
  | DecodedEvent<'RetentionCaseOpened', RetentionCaseOpened>;

type Desk = {
  /** Who is kept: of merged customers the survivor. */
  readonly customerId: string;
  readonly nextId: string;
  readonly openId: string | null;
  /** True when this very event has opened a case before. */
  readonly isAnswered: boolean;
  readonly newestOrder: KnownCustomer['newestOrder'];
};

const survivorOf = async ({ lookups }: ContextSources, customerId: string): Promise<string> => {
  const party = await readParty(lookups, customerId);
  return party?.standing === 'absorbed' ? (party.survivorId ?? customerId) : customerId;
};

const command = ({ customerId }: Desk, id: string, name: string, body: object): readonly IssuedCommand[] => [
  { aggregate: 'retentioncase', id, customerId, command: name, body },
];

/** Whom the desk does not take on, the case itself refuses (retention-rules). */
const opens = (
  desk: Desk,
  { toLevel, topSignalIds }: ChurnEvents['ChurnRiskChanged'],
): readonly IssuedCommand[] => {
  const { customerId, nextId, openId, isAnswered } = desk;
  if (isAnswered || openId !== null || (toLevel !== 'HIGH' && toLevel !== 'CRITICAL')) return [];
  const body = { customerId, riskLevel: toLevel, signalIds: topSignalIds };
  return command(desk, nextId, 'OpenRetentionCase', body);
};

/** An order that was placed after the assessment, and heard of before the case was there. */
const savedAlready = (
  desk: Desk,
  opened: DecodedEvent<string, RetentionCaseOpened>,
): readonly IssuedCommand[] => {
  const { newestOrder } = desk;
  if (newestOrder === null || newestOrder.at <= opened.occurredAt) return [];
  const body = { byEventId: newestOrder.eventId, occurredAt: formatInstant(newestOrder.at) };
  return command(desk, opened.data.retentionCaseId, 'CloseRetentionSaved', body);
};

export const retentionDesk: Reaction = reaction<Desk>({
  name: 'RetentionDesk',
  on: {
    churn: ['ChurnRiskChanged', 'CustomerChurned'],
    order: ['OrderPlaced'],
    loyalty: ['RetentionCaseOpened'],
  },
  async gather(sources, { id, key }) {
    const customerId = await survivorOf(sources, key);
    const [cases, { newestOrder }] = await Promise.all([
      casesOf(sources, customerId),
      readCustomer(sources.lookups, customerId),
    ]);
    const openId = cases.find(isOpen)?.id ?? null;
    const isAnswered = cases.some(({ state }) => state.causedBy === id);
    const nextId = retentionCaseIdOf(customerId, cases.length);
    return { customerId, nextId, openId, isAnswered, newestOrder };
  },
  react(event, { policies, gathered: desk }) {
    const { openId } = desk;
    const heard = event as Heard;
    switch (heard.type) {
      case 'ChurnRiskChanged':
        return opens(desk, heard.data);
      case 'RetentionCaseOpened':
        return savedAlready(desk, heard);
      case 'OrderPlaced':
        return openId === null ? [] : command(desk, openId, 'CloseRetentionSaved', { byEventId: heard.id });
      case 'CustomerChurned': {
        const { churnedReason } = policies.at<RetentionPolicy>('retention', heard.data.churnedOn);
        return openId === null
          ? []
          : command(desk, openId, 'CloseRetentionLost', { reasonCode: churnedReason });
      }
      default:
        return heard satisfies never;
    }
  },
});
