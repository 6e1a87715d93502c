// The bodies of the lead's commands: they give the types, the validation and the OpenAPI document.
import { conversionModeSymbols, opportunityKindSymbols } from '@tenure/events/generated/common';
import {
  contactOutcomeSymbols,
  leadPartyKindSymbols,
  leadSourceSymbols,
  opportunityModeSymbols,
  qualificationLevelSymbols,
} from '@tenure/events/generated/lead';
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';

const { id, code, date, name, text, money } = fields;

const Person = z.strictObject({
  name,
  email: name.nullish(),
  phone: name.nullish(),
  jobTitle: name.nullish(),
});

/** Fields that change who the person is: they go on to the customer, who has room for a name only. */
const OF_THE_PERSON: readonly string[] = ['name', 'email', 'phone', 'jobTitle', 'company'];

const Fields = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'must be a name in camel case'), text)
  .refine((given) => Object.keys(given).length > 0, 'must name at least one field')
  .superRefine((given, context) => {
    for (const field of OF_THE_PERSON)
      if (Object.hasOwn(given, field) && !name.safeParse(given[field]).success)
        context.addIssue({ code: 'custom', path: [field], message: 'must have 1 to 200 characters' });
  });

const Draft = z.strictObject({
  name,
  kind: z.enum(opportunityKindSymbols),
  pipelineId: code,
  pipelineVersion: z.int().min(1),
  stageId: code,
  amount: money.nonNegative,
  expectedCloseOn: date,
  ownerId: id,
});

const Conversion = z
  .strictObject({
    conversionId: id.nullish(),
    customerMode: z.enum(conversionModeSymbols),
    existingCustomerId: id.nullish(),
    customerKind: z.enum(leadPartyKindSymbols),
    opportunityMode: z.enum(opportunityModeSymbols),
    opportunityId: id.nullish(),
    opportunity: Draft.nullish(),
  })
  .superRefine((asked, context) => {
    const expect = (path: keyof typeof asked, wanted: boolean, when: string): void => {
      const given = asked[path] !== undefined && asked[path] !== null;
      if (given !== wanted)
        context.addIssue({
          code: 'custom',
          path: [path],
          message: `${wanted ? 'is required' : 'makes no sense'} when ${when}`,
        });
    };
    const { customerMode, opportunityMode } = asked;
    expect('existingCustomerId', customerMode === 'EXISTING', `customerMode is ${customerMode}`);
    expect('opportunityId', opportunityMode === 'EXISTING', `opportunityMode is ${opportunityMode}`);
    expect('opportunity', opportunityMode === 'NEW', `opportunityMode is ${opportunityMode}`);
  });

const nothing = z.strictObject({});

export const commands: Readonly<Record<string, CommandSpec>> = {
  CaptureLead: {
    body: z.strictObject({
      source: z.enum(leadSourceSymbols),
      sourceRef: name.nullish(),
      campaignId: id.nullish(),
      referrerCustomerId: id.nullish(),
      person: Person,
      company: name.nullish(),
      interests: z.array(code).default([]),
      territoryId: id.nullish(),
    }),
    rules: ['LIMIT_EXCEEDED'],
  },
  EnrichLead: { body: z.strictObject({ fields: Fields, provider: code }), rules: ['LIMIT_EXCEEDED'] },
  ScoreLead: { body: nothing, rules: ['LIMIT_EXCEEDED'] },
  AssignLead: { body: z.strictObject({ ownerId: id.nullish() }), rules: ['NO_OWNER_AVAILABLE'] },
  LogContactAttempt: {
    body: z.strictObject({
      interactionId: id.nullish(),
      channel: code,
      outcome: z.enum(contactOutcomeSymbols),
    }),
    rules: ['LIMIT_EXCEEDED'],
  },
  FlagResponseOverdue: { body: nothing },
  NurtureLead: {
    body: z.strictObject({ programId: id, reengageOn: date.nullish() }),
    rules: ['REENGAGE_IN_PAST'],
  },
  QualifyLead: {
    body: z.strictObject({
      level: z.enum(qualificationLevelSymbols),
      budget: money.nonNegative.nullish(),
      authority: text.nullish(),
      need: text.nullish(),
      timeline: date.nullish(),
    }),
    rules: ['BANT_REQUIRED'],
  },
  DisqualifyLead: {
    body: z.strictObject({ reasonCode: code, note: text.nullish() }),
    rules: ['UNKNOWN_REASON'],
  },
  MarkLeadDuplicate: {
    body: z
      .strictObject({ duplicateOfLeadId: id.nullish(), duplicateOfCustomerId: id.nullish() })
      .refine((body) => Boolean(body.duplicateOfLeadId) !== Boolean(body.duplicateOfCustomerId), {
        path: ['duplicateOfLeadId'],
        message: 'either duplicateOfLeadId or duplicateOfCustomerId says what is repeated',
      }),
    rules: ['DUPLICATE_OF_ITSELF', 'UNKNOWN_LEAD'],
  },
  RecycleLead: { body: z.strictObject({ reengageOn: date.nullish() }), rules: ['REENGAGE_IN_PAST'] },
  RequestConversion: {
    body: Conversion,
    rules: ['CONVERSION_STARTED', 'SAME_CUSTOMER', 'EXISTING_CUSTOMER_GONE'],
  },
  CompleteConversion: { body: nothing },
  FailConversion: { body: nothing },
};
