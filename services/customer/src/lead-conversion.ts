// LeadConversion, the customer's part: the party of a lead becomes a customer, or part of one.
import { reaction, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import type { LeadEvents, PersonCard } from '@tenure/events/generated/lead';

/** Null: it cannot be read any more. */
type Names = { readonly person: string | null; readonly company: string | null };

export const leadConversion: Reaction = reaction<Names>({
  name: 'LeadConversion',
  on: { lead: ['LeadConversionRequested'] },
  async gather({ open }, event) {
    const fields = await open(event);
    const card = fields.get('person') as PersonCard | undefined;
    const company = fields.get('company');
    return { person: card?.name ?? null, company: typeof company === 'string' ? company : null };
  },
  react({ key, data }, { gathered }) {
    const conversion = data as LeadEvents['LeadConversionRequested'];
    return conversion.customerMode === 'EXISTING'
      ? merge(key, conversion)
      : register(key, conversion, gathered);
  },
});

type Conversion = LeadEvents['LeadConversionRequested'];

const merge = (party: string, { existingCustomerId }: Conversion): readonly IssuedCommand[] =>
  existingCustomerId === null
    ? []
    : [
        {
          aggregate: 'customer',
          id: existingCustomerId,
          customerId: existingCustomerId,
          command: 'MergeCustomers',
          body: { absorbedIds: [party], ruleId: 'conversion' },
        },
      ];

/** Whose keys are destroyed has no name to be registered under: the conversion runs into its deadline. */
const register = (
  party: string,
  { leadId, customerKind }: Conversion,
  { person, company }: Names,
): readonly IssuedCommand[] => {
  const kind = customerKind === 'ORGANISATION' ? 'ORGANISATION' : 'PERSON';
  const displayName = kind === 'ORGANISATION' ? (company ?? person) : person;
  if (displayName === null) return [];
  return [
    {
      aggregate: 'customer',
      id: party,
      customerId: party,
      command: 'RegisterCustomer',
      body: { kind, displayName, source: 'LEAD_CONVERSION', originLeadId: leadId },
    },
  ];
};
