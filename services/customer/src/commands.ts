// The bodies of the customer's commands: they give the types, the validation and the OpenAPI document.
import {
  contactChannelSymbols,
  contactPointRetirementSymbols,
  customerKindSymbols,
  legalBasisSymbols,
  exportFormatSymbols,
  registrationSourceSymbols,
} from '@tenure/events/generated/customer';
import { relatedContactRoleSymbols } from '@tenure/events/generated/common';
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';
import type { Json } from './attributes.ts';

const { id, code, date, name, text, locale, zone, currency } = fields;

/** What the registration says in the clear: a sealed value of that name would only hide it. */
const CLEAR_FIELDS: readonly string[] = [
  'kind',
  'locale',
  'timeZone',
  'homeCurrency',
  'originLeadId',
  'ownerId',
];

/** Names of profile fields; the values are personal and sealed. */
const ProfileField = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'must be a name in camel case')
  .refine((field) => !CLEAR_FIELDS.includes(field), 'is no personal value of the profile');

const RegisterCustomer = z.strictObject({
  kind: z.enum(customerKindSymbols),
  displayName: name,
  source: z.enum(registrationSourceSymbols),
  originLeadId: id.nullish(),
  locale: locale.nullish(),
  timeZone: zone.nullish(),
  homeCurrency: currency.nullish(),
  ownerId: id.nullish(),
});

const ChangeProfile = z.strictObject({
  changes: z
    .record(ProfileField, text)
    .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field')
    .refine(({ displayName }) => name.optional().safeParse(displayName).success, {
      path: ['displayName'],
      message: 'must have 1 to 200 characters',
    }),
  source: code,
});

const AddContactPoint = z.strictObject({
  contactPointId: id.optional(),
  channel: z.enum(contactChannelSymbols),
  value: name,
  primary: z.boolean().default(false),
});

const AddRelatedContact = z.strictObject({
  contactId: id.optional(),
  name,
  role: z.enum(relatedContactRoleSymbols),
});

const Consent = z.strictObject({
  purpose: code,
  channel: code,
  legalBasis: z.enum(legalBasisSymbols),
  policyVersion: code,
  evidenceRef: name,
});

/** People who decide that two customers are one, or that they are not. */
export const MERGING_ROLES = ['supervisor', 'admin'] as const;

/** Of an attribute, and of what lies in one. */
const AttributeName = z.string().min(1).max(64);
const Attribute: z.ZodType<Json> = z.json();

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');

const SetCustomAttributes = z
  .strictObject({
    schemaId: code.default('customer'),
    attributes: z.record(AttributeName, Attribute).default({}),
    clear: z.array(AttributeName).max(100).default([]),
  })
  .refine(({ attributes, clear }) => Object.keys(attributes).length + clear.length > 0, {
    path: ['attributes'],
    message: 'must name at least one attribute to set or to clear',
  });

const MergeCustomers = z.strictObject({
  mergeId: id.optional(),
  absorbedIds: z.array(id).min(1),
  ruleId: code.optional(),
  fieldChoices: z.record(ProfileField, id).default({}),
});

const merged = z.strictObject({ mergeId: id, survivorId: id });

export const commands: Readonly<Record<string, CommandSpec>> = {
  RegisterCustomer: { body: RegisterCustomer },
  ChangeProfile: { body: ChangeProfile, rules: ['LIMIT_EXCEEDED'] },
  AddContactPoint: {
    body: AddContactPoint,
    rules: ['CONTACT_POINT_INVALID', 'DUPLICATE_CONTACT_POINT', 'LIMIT_EXCEEDED'],
  },
  VerifyContactPoint: {
    body: z.strictObject({ contactPointId: id, method: code }),
    rules: ['UNKNOWN_CONTACT_POINT', 'CONTACT_POINT_RETIRED'],
  },
  RetireContactPoint: {
    body: z.strictObject({ contactPointId: id, reason: z.enum(contactPointRetirementSymbols) }),
    rules: ['UNKNOWN_CONTACT_POINT'],
  },
  AddRelatedContact: { body: AddRelatedContact, rules: ['DUPLICATE_CONTACT', 'LIMIT_EXCEEDED'] },
  RetireRelatedContact: {
    body: z.strictObject({ contactId: id, reason: text }),
    rules: ['UNKNOWN_CONTACT'],
  },
  LinkExternalIdentity: {
    body: z.strictObject({
      // A search names both as system:id.
      system: code.regex(/^[^:]*$/, 'must be without a colon'),
      externalId: name,
      confidence: z.int().min(0).max(100).default(100),
    }),
    rules: ['LIMIT_EXCEEDED'],
  },
  AssignAccountOwner: { body: z.strictObject({ ownerId: id, territoryId: id.nullish() }) },
  SetCustomAttributes: {
    body: SetCustomAttributes,
    rules: ['UNKNOWN_SCHEMA', 'ATTRIBUTES_INVALID', 'LIMIT_EXCEEDED'],
  },
  GrantConsent: { body: Consent, rules: ['LIMIT_EXCEEDED'] },
  WithdrawConsent: { body: z.strictObject({ purpose: code, channel: code, reason: text.nullish() }) },
  MergeCustomers: {
    body: MergeCustomers,
    roles: MERGING_ROLES,
    rules: [
      'MERGE_WITH_ITSELF',
      'DUPLICATE_PARTY',
      'DUPLICATE_MERGE',
      'ALREADY_MERGED',
      'PARTY_ABSORBED',
      'PARTY_ERASED',
      'UNKNOWN_PARTY',
      'LIMIT_EXCEEDED',
    ],
  },
  AbsorbCustomer: { body: merged, rules: ['MERGE_UNDONE'] },
  UnmergeCustomer: {
    body: z.strictObject({ mergeId: id, reason: text, ifIncomplete: z.boolean().optional() }),
    roles: MERGING_ROLES,
    rules: ['UNKNOWN_MERGE'],
  },
  RestoreCustomer: { body: z.strictObject({ mergeId: id }), rules: ['OTHER_MERGE'] },
  PlaceLegalHold: {
    body: z.strictObject({ holdId: id.optional(), basis: name }),
    rules: ['DUPLICATE_HOLD', 'LIMIT_EXCEEDED'],
  },
  ReleaseLegalHold: { body: z.strictObject({ holdId: id }), rules: ['UNKNOWN_HOLD'] },
  RequestErasure: {
    body: z.strictObject({ requestId: id.optional(), dueBy: date.optional() }),
    rules: ['DATE_PASSED', 'MERGE_UNDER_WAY'],
  },
  CancelErasure: { body: z.strictObject({ reason: text }), rules: ['KEYS_DESTROYED'] },
  DestroySubjectKeys: {
    body: z.strictObject({ subjectKeyIds: z.array(name).min(1).max(100) }),
    rules: ['LEGAL_HOLD'],
  },
  EraseCustomer: {
    body: z.strictObject({ certificateSha256: sha256 }),
    rules: ['LEGAL_HOLD', 'KEYS_NOT_DESTROYED'],
  },
  ExportSubjectData: {
    body: z.strictObject({
      requestId: id.optional(),
      format: z.enum(exportFormatSymbols),
      artefactSha256: sha256,
    }),
  },
};
