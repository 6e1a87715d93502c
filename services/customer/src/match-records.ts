// The lookup `matching`: every record that a person can be recognised by (a lead, a registration, a contact point, an id
// in another system), found by keyed hashes. What is plain in an event is a reference here.
import { uuid5 } from '@tenure/core';
import { externalIdValue, NAME_BIGRAM, type DecodedEvent, type Sealable } from '@tenure/events';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import type { LeadEvents, PersonCard } from '@tenure/events/generated/lead';
import { column, projection, slice, type Document, type ProjectionDefinition } from '@tenure/projections';
import { lookupName } from '@tenure/service-kit';

/** The name of the table in `Lookups`. */
export const MATCH_TABLE = 'matching';

/** Whose record it is, and what names it in the evidence of a match. */
type About = { readonly partyId: string; readonly record: string };

/** What a party is recognised by; null: not by that. */
export type RecordDocument = About & {
  readonly name: Sealable<string> | null;
  readonly company: Sealable<string> | null;
  readonly email: Sealable<string> | null;
  readonly phone: Sealable<string> | null;
  readonly external: { readonly system: string; readonly id: string; readonly confidence: number } | null;
  readonly verified: boolean;
};

const nothingOf = (about: About): RecordDocument => ({
  ...about,
  name: null,
  company: null,
  email: null,
  phone: null,
  external: null,
  verified: false,
});

const partOf = (card: Sealable<PersonCard>, entry: keyof PersonCard): Sealable<string> => ({
  $sealed: card.$sealed,
  field: card.field,
  entry,
});

/** Fields of an enrichment that a person is recognised by. */
const RECOGNISED = ['name', 'email', 'phone', 'company'] as const;

const enriched = (
  record: RecordDocument | null,
  { id, data: { fieldNames } }: DecodedEvent<'LeadEnriched', LeadEvents['LeadEnriched']>,
): RecordDocument | null => {
  if (record === null) return null;
  const found = RECOGNISED.filter((name) => fieldNames.includes(name));
  const references = found.map((entry) => [entry, { $sealed: id, field: 'fields', entry }]);
  return { ...record, ...(Object.fromEntries(references) as Partial<RecordDocument>) };
};

const leadRecords = slice<RecordDocument | null, LeadEvents>({
  init: () => null,
  on: {
    LeadCaptured: (_, { key, data: { leadId, person, company } }) => ({
      ...nothingOf({ partyId: key, record: leadId }),
      name: partOf(person, 'name'),
      email: partOf(person, 'email'),
      phone: partOf(person, 'phone'),
      company,
    }),
    LeadEnriched: enriched,
  },
});

/** An organisation goes by its company name, a person by his own. */
const namedBy = (kind: string, displayName: Sealable<string>) =>
  kind === 'PERSON' || kind === 'UNKNOWN' ? { name: displayName } : { company: displayName };

const renamed = (
  record: RecordDocument | null,
  { id, data: { fields } }: DecodedEvent<'CustomerProfileChanged', CustomerEvents['CustomerProfileChanged']>,
): RecordDocument | null => {
  if (record === null || !fields.includes('displayName')) return record;
  const displayName: Sealable<string> = { $sealed: id, field: 'changes', entry: 'displayName' };
  return { ...record, ...(record.company === null ? { name: displayName } : { company: displayName }) };
};

/** What a contact point of this channel says; null: nobody is recognised by it. */
const reachedBy = (channel: string, value: Sealable<string>): Partial<RecordDocument> | null => {
  if (channel === 'EMAIL') return { email: value };
  return channel === 'PHONE' || channel === 'SMS' ? { phone: value } : null;
};

const customerRecords = slice<RecordDocument | null, CustomerEvents>({
  init: () => null,
  on: {
    CustomerRegistered: (_, { key, data: { kind, displayName } }) => ({
      ...nothingOf({ partyId: key, record: key }),
      ...namedBy(kind, displayName),
    }),
    CustomerProfileChanged: renamed,
    ContactPointAdded(_, { key, data: { contactPointId, channel, value } }) {
      const reached = reachedBy(channel, value);
      return reached === null ? null : { ...nothingOf({ partyId: key, record: contactPointId }), ...reached };
    },
    ContactPointVerified: (record) => record && { ...record, verified: true },
    ContactPointRetired: (record) => record && { ...record, email: null, phone: null },
    ExternalIdentityLinked: (_, { key, data: { system, externalId, confidence } }) => ({
      ...nothingOf({ partyId: key, record: key }),
      external: { system, id: externalId, confidence },
    }),
  },
});

/** A contact point's id is its customer's alone; the same one elsewhere is another record. */
const documentIdOf = ({ key, type, data }: DecodedEvent): string | null => {
  switch (type) {
    case 'LeadCaptured':
    case 'LeadEnriched':
      return (data as LeadEvents['LeadCaptured']).leadId;
    case 'ContactPointAdded':
    case 'ContactPointVerified':
    case 'ContactPointRetired':
      return uuid5(key, 'contact-point', (data as CustomerEvents['ContactPointAdded']).contactPointId);
    case 'ExternalIdentityLinked': {
      const { system, externalId } = data as CustomerEvents['ExternalIdentityLinked'];
      return uuid5(key, 'external-id', externalIdValue(system, externalId));
    }
    default:
      return key;
  }
};

/** The record of a document; null: it says nothing. */
export const recordOf = ({ slices }: Pick<Document, 'slices'>): RecordDocument | null =>
  ((slices['lead'] ?? slices['customer']) as RecordDocument | null | undefined) ?? null;

/** The table of records; list it under `lookups`. */
export const matchRecords: ProjectionDefinition = projection({
  name: lookupName('customer', MATCH_TABLE),
  version: 1,
  slices: { lead: leadRecords, customer: customerRecords },
  documentId: documentIdOf,
  search(document) {
    const record = recordOf(document);
    if (record === null) return [];
    const { name, company, email, phone, external } = record;
    return [
      ...(name === null ? [] : ([{ kind: NAME_BIGRAM, value: name }] as const)),
      ...(company === null ? [] : ([{ kind: 'COMPANY', value: company }] as const)),
      ...(email === null ? [] : ([{ kind: 'EMAIL', value: email }] as const)),
      ...(phone === null ? [] : ([{ kind: 'PHONE', value: phone }] as const)),
      ...(external === null
        ? []
        : ([
            { kind: 'EXTERNAL_ID', clear: externalIdValue(external.system, external.id), keyed: true },
          ] as const)),
    ];
  },
  columns: [
    column('party', 'text', (document) => recordOf(document)?.partyId ?? null, {
      en: 'Party the record belongs to',
      zh: '所属主体',
    }),
  ],
});
