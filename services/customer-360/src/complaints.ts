// The complaints of a customer as the document lists them.
import type { Money } from '@tenure/core';

export type OfferedRemedy = {
  readonly kind: string;
  readonly points: number | null;
  readonly value: Money | null;
};

/** `eventId` names the event that changed it last. Dates are business dates. */
export type ListedComplaint = {
  readonly acknowledgedOn: string | null;
  readonly caseId: string | null;
  readonly complaintId: string;
  /** How often a remedy was declined. */
  readonly declined: number;
  readonly eventId: string;
  readonly registeredOn: string;
  readonly remedy: OfferedRemedy | null;
  readonly severity: string;
  readonly status: string;
  readonly topic: string;
};

/** It ends Settled, Rejected or EscalatedExternally. */
export const isOver = ({ status }: ListedComplaint): boolean =>
  status === 'Settled' || status === 'Rejected' || status === 'EscalatedExternally';
