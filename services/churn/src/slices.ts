// The slices of an assessment, by source. A source that nobody writes yet stands with its beginning.
import type { Slice } from '@tenure/projections';
import { customerSlice, type CustomerSlice } from './slices/customer-slice.ts';
import { noInteractions, type InteractionSlice } from './slices/interaction-slice.ts';
import { loyaltySlice, type LoyaltySlice } from './slices/loyalty-slice.ts';
import { opportunitySlice, type OpportunitySlice } from './slices/opportunity-slice.ts';
import { orderSlice, type OrderSlice } from './slices/order-slice.ts';
import { serviceSlice, type ServiceSlice } from './slices/service-slice.ts';

export type AssessedSlices = {
  readonly customer: CustomerSlice;
  readonly opportunity: OpportunitySlice;
  readonly order: OrderSlice;
  readonly service: ServiceSlice;
  readonly loyalty: LoyaltySlice;
  readonly interaction: InteractionSlice;
};

/** What is folded from the log, with business dates of the zone. */
export const foldedSlices = (zone: string): Readonly<Record<string, Slice>> => ({
  customer: customerSlice(zone),
  opportunity: opportunitySlice(zone),
  order: orderSlice(zone),
  service: serviceSlice(zone),
  loyalty: loyaltySlice(zone),
});

/** Slices as the engine hands them over, with those that it does not fold. */
export const assessedSlices = (slices: Readonly<Record<string, unknown>>): AssessedSlices =>
  ({ interaction: noInteractions, ...slices }) as AssessedSlices;
