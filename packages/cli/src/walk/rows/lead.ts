// Rows 6–17: a stranger becomes a customer.
import { AGENT, C, CONVERSION, EMAIL, LEAD_1, money, O, PHONE } from '../ids.ts';
import type { WalkStep } from '../step.ts';
import { lifecycle, whole } from './parts.ts';

const lead = `/leads/${LEAD_1}`;
const customer = `/customers/${C}`;
const role = 'agent' as const;
const captured = { on: '2026-01-05', role };
const converted = { on: '2026-01-07', role };

const asked: readonly WalkStep[] = [
  {
    row: 6,
    ...captured,
    what: 'a purchasing manager fills in the web form',
    commands: () => [
      {
        path: '/leads',
        body: {
          leadId: LEAD_1,
          source: 'WEB_FORM',
          person: {
            name: 'Lin Xiaomei',
            email: 'lin.xiaomei@example.com',
            phone: '+1 202 555 0143',
            jobTitle: 'Purchasing Manager',
          },
          company: 'Hengli Workshop',
          interests: ['instruments', 'consumables'],
        },
      },
    ],
    events: () => ['LeadCaptured'],
    after: () => [
      whole({
        slices: { lead: { leads: [{ leadId: LEAD_1, status: 'New' }] }, customer: { status: 'Bare' } },
        summary: lifecycle('POTENTIAL', 'EXPLORATION'),
      }),
    ],
  },
  {
    row: 7,
    ...captured,
    what: 'the lead is scored',
    commands: () => [{ path: `${lead}/score`, body: {} }],
    events: () => [{ type: 'LeadScored', data: { score: 60, grade: 'B', modelVersion: 'lead-scoring@1' } }],
    after: () => [{ get: lead, has: { status: 'New', state: { score: 60, grade: 'B' } } }],
  },
  {
    row: 8,
    ...captured,
    what: 'it gets an owner, who has two business hours',
    commands: () => [{ path: `${lead}/assign`, body: { ownerId: AGENT } }],
    events: () => [{ type: 'LeadAssigned', data: { ownerId: AGENT, ruleId: 'manual' } }],
    after: () => [
      { get: lead, has: { status: 'Assigned' } },
      whole({ slices: { lead: { leads: [{ respondBy: '2026-01-05T11:00:00.000Z' }] } } }),
    ],
  },
  {
    row: 9,
    ...captured,
    what: 'the owner calls and reaches her',
    commands: () => [{ path: `${lead}/log-contact-attempt`, body: { channel: 'PHONE', outcome: 'REACHED' } }],
    events: () => ['LeadContactAttempted'],
    after: () => [{ get: lead, has: { status: 'Working' } }],
  },
  {
    row: 10,
    ...captured,
    what: 'the lead is scored again',
    commands: () => [{ path: `${lead}/score`, body: {} }],
    events: () => [{ type: 'LeadScored', data: { score: 70, grade: 'A' } }],
  },
  {
    row: 11,
    on: '2026-01-06',
    role,
    what: 'she has a budget, the say, a need and a date: qualified for sales',
    commands: () => [
      {
        path: `${lead}/qualify`,
        body: {
          level: 'SQL',
          budget: money(150_000),
          authority: 'decides alone up to 2,000',
          need: 'two meters and packs for the line',
          timeline: '2026-01-31',
        },
      },
    ],
    events: () => ['LeadQualified'],
    after: () => [whole({ summary: lifecycle('TARGET', 'EXPLORATION') })],
  },
  {
    row: 12,
    ...converted,
    what: 'she becomes a customer with a deal of her own',
    commands: () => [
      {
        path: `${lead}/request-conversion`,
        body: {
          conversionId: CONVERSION,
          customerMode: 'NEW',
          customerKind: 'PERSON',
          opportunityMode: 'NEW',
          opportunity: {
            name: 'First order',
            kind: 'NEW_BUSINESS',
            pipelineId: 'sales',
            pipelineVersion: 1,
            stageId: 'discovery',
            amount: money(120_000),
            expectedCloseOn: '2026-01-16',
            ownerId: AGENT,
          },
        },
      },
    ],
    events: () => ['LeadConversionRequested', 'CustomerRegistered', 'OpportunityOpened', 'LeadConverted'],
    after: () => [
      { get: lead, has: { status: 'Converted' } },
      { get: `/opportunities/${O}`, has: { status: 'Open' } },
      whole({
        slices: { customer: { status: 'Registered', kind: 'PERSON' } },
        summary: lifecycle('TARGET', 'EXPLORATION'),
      }),
    ],
  },
];

const known: readonly WalkStep[] = [
  {
    row: 13,
    ...converted,
    what: 'her e-mail address',
    commands: () => [
      {
        path: `${customer}/add-contact-point`,
        body: { contactPointId: EMAIL, channel: 'EMAIL', value: 'lin.xiaomei@example.com', primary: true },
      },
    ],
    events: () => ['ContactPointAdded'],
  },
  {
    row: 14,
    ...converted,
    what: 'her telephone',
    commands: () => [
      {
        path: `${customer}/add-contact-point`,
        body: { contactPointId: PHONE, channel: 'PHONE', value: '+1 202 555 0143', primary: true },
      },
    ],
    events: () => ['ContactPointAdded'],
  },
  {
    row: 15,
    ...converted,
    what: 'she follows the link in the mail',
    commands: () => [
      { path: `${customer}/verify-contact-point`, body: { contactPointId: EMAIL, method: 'link' } },
    ],
    events: () => ['ContactPointVerified'],
  },
  {
    row: 16,
    ...converted,
    what: 'somebody answers for her',
    commands: () => [{ path: `${customer}/assign-account-owner`, body: { ownerId: AGENT } }],
    events: () => ['AccountOwnerAssigned'],
  },
  {
    row: 17,
    ...converted,
    what: 'she wants the newsletter',
    commands: () => [
      {
        path: `${customer}/grant-consent`,
        body: {
          purpose: 'marketing',
          channel: 'EMAIL',
          legalBasis: 'CONSENT',
          policyVersion: '2026-01',
          evidenceRef: 'web form',
        },
      },
    ],
    events: () => ['ConsentGranted'],
    after: () => [whole({ summary: { dataQuality: { score: 90 } } })],
  },
];

export const becoming: readonly WalkStep[] = [...asked, ...known];
