// The 360° view of a customer as a projection: slices per source, what they add up to, what can be found and listed.
import { projection, type Document, type ProjectionDefinition, type SearchValue } from '@tenure/projections';
import { customerMerges } from '@tenure/service-kit';
import { churnSlice } from './churn-slice.ts';
import { columns } from './columns.ts';
import { customerSlice } from './customer-slice.ts';
import { leadSlice, type ListedLead } from './lead-slice.ts';
import { loyaltySlice } from './loyalty-slice.ts';
import { opportunitySlice } from './opportunity-slice.ts';
import { orderSlice } from './order-slice.ts';
import { serviceSlice } from './service-slice.ts';
import { summarise, wakeAt, type CustomerSlices, type SummaryRules } from './summary.ts';

/** Search kinds beyond the personal ones: an external id with and without its system. */
export const EXTERNAL_ID = 'EXTERNAL_ID';
export const BARE_EXTERNAL_ID = 'BARE_EXTERNAL_ID';

/** An external id as it is searched for: the system in lower case, the id trimmed (DEFAULTS §4). */
export const externalIdKey = (system: string, id: string): string =>
  `${system.trim().toLowerCase()}:${id.trim()}`;

const PERSONAL: Readonly<Record<string, SearchValue['kind']>> = {
  EMAIL: 'EMAIL',
  PHONE: 'PHONE',
  SMS: 'PHONE',
};

const search: ProjectionDefinition['search'] = (document) => {
  const { customer, lead } = document.slices as CustomerSlices;
  const contacts = customer.contactPoints.flatMap(({ channel, value, retired }) => {
    const kind = PERSONAL[channel];
    return kind === undefined || retired !== null ? [] : [{ kind, value }];
  });
  return [
    ...contacts,
    ...(customer.displayName === null ? [] : [{ kind: 'NAME' as const, value: customer.displayName }]),
    ...customer.merged.map(({ displayName: value }) => ({ kind: 'NAME' as const, value })),
    ...lead.leads.slice(0, FOUND_LEADS).flatMap(personOf),
    ...customer.externalIds.flatMap(({ system, id }) => [
      { kind: EXTERNAL_ID, clear: externalIdKey(system, id) },
      { kind: BARE_EXTERNAL_ID, clear: id.trim() },
    ]),
  ];
};

/** The newest leads of a party are found by what the person said then; older ones repeat them. */
const FOUND_LEADS = 5;

const personOf = ({ person: { $sealed, field } }: ListedLead): readonly SearchValue[] =>
  Object.entries({ name: 'NAME', email: 'EMAIL', phone: 'PHONE' } as const).map(([entry, kind]) => ({
    kind,
    value: { $sealed, entry, field },
  }));

/** The projection `customer-360` for a deployment: its zone cuts business days, its rules score. */
export const customer360 = (zone: string, rules: SummaryRules): ProjectionDefinition =>
  projection({
    name: 'customer-360',
    version: 1,
    slices: {
      churn: churnSlice,
      customer: customerSlice,
      lead: leadSlice(zone),
      loyalty: loyaltySlice(zone),
      opportunity: opportunitySlice(zone),
      order: orderSlice(zone),
      service: serviceSlice(zone),
    },
    summarise: (slices, today) => summarise(slices as CustomerSlices, today, rules),
    wakeAt: (document: Document, today) => wakeAt(document.slices as CustomerSlices, today, rules),
    merges: customerMerges,
    search,
    columns,
  });
