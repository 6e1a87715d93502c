// The returns of a customer as the document lists them.
import type { Money } from '@tenure/core';

/** `eventId` names the event that changed it last. `requestedOn`: business date. */
export type ListedReturn = {
  readonly eventId: string;
  readonly orderId: string;
  readonly reasonCode: string;
  readonly refunded: Money | null;
  readonly requestedOn: string;
  readonly returnId: string;
  readonly status: string;
};

/** It ends Refunded or Rejected. */
export const isSettled = ({ status }: ListedReturn): boolean =>
  status === 'Refunded' || status === 'Rejected';
