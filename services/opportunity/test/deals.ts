// Deals for specifications: facts by short names, a history for every status, the context that deciders need.
import { readFileSync } from 'node:fs';
import type { Money } from '@tenure/core';
import { policyBook, type Policies } from '@tenure/service-kit';
import { idOf, SCENARIO_CONTEXT, scenarios, type Command, type Given } from '@tenure/testing';
import type { OpportunityContext } from '../src/opportunity-rules.ts';
import type { OpportunityParts, OpportunityStatus } from '../src/opportunity-state.ts';
import { opportunity, orderOfWin } from '../src/opportunity.ts';
import { OpportunityReasonsPolicy, PipelinePolicy } from '../src/policy.ts';

export const opportunityId = SCENARIO_CONTEXT.id;
export const shipped = (path: string): object =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as object;

export const sales = PipelinePolicy.parse(shipped('../policies/pipeline.sales.v1.json'));
export const reasons = OpportunityReasonsPolicy.parse(shipped('../policies/reasons.v1.json'));
export const policies: Policies = policyBook([
  sales,
  reasons,
  shipped('../../../policies/deployment.v1.json') as never,
]);

export const context: OpportunityContext = { pipeline: sales, reasons, openDeals: 0, zone: 'UTC' };
export const given = scenarios<OpportunityParts>(opportunity, context);

export type DealFact = Given<OpportunityParts>;
export type DealCommand = Command<OpportunityParts>;

export const cny = (minor: number): Money => ({ minor, currency: 'CNY' });

/** A line without discount and tax unless said otherwise; its total is right. */
export const line = (name: string, qty: number, price: number, more: { readonly tax?: number } = {}) => {
  const { tax = 0 } = more;
  return {
    lineId: idOf(name),
    productId: idOf(`product of ${name}`),
    category: null,
    attributes: null,
    qty,
    unitPrice: cny(price),
    discount: cny(0),
    tax: cny(tax),
    total: cny(qty * price + tax),
  };
};

export const lines = [line('meters', 2, 42_000, { tax: 10_400 }), line('packs', 10, 3_800)];
export const total = cny(132_400);

export const draft = {
  originLeadId: null,
  kind: 'NEW_BUSINESS',
  name: 'First order',
  pipelineId: 'sales',
  stageId: 'discovery',
  amount: cny(120_000),
  expectedCloseOn: '2026-01-16',
  ownerId: idOf('agent'),
} as const;

export const opened = {
  type: 'OpportunityOpened',
  data: { opportunityId, ...draft, pipelineVersion: 1 },
} as const satisfies DealFact;

export const movedTo = (toStageId: string, fromStageId = 'discovery') => {
  const stage = sales.stages.find((one) => one.stageId === toStageId);
  return {
    type: 'OpportunityStageChanged',
    data: {
      opportunityId,
      fromStageId,
      toStageId,
      probabilityPct: stage?.probabilityPct ?? 0,
      limitDays: stage?.limitDays ?? null,
    },
  } as const satisfies DealFact;
};

export const linesRevised = {
  type: 'OpportunityLinesRevised',
  data: { opportunityId, lines, total },
} as const satisfies DealFact;

export const forecast = (category: 'PIPELINE' | 'COMMIT', amount = total, expectedCloseOn = '2026-01-16') =>
  ({
    type: 'OpportunityForecastRevised',
    data: { opportunityId, amount, expectedCloseOn, category },
  }) as const satisfies DealFact;

export const attached = {
  type: 'OpportunityContactAttached',
  data: { opportunityId, contactId: idOf('buyer'), leadId: null, role: 'BUYER' },
} as const satisfies DealFact;

export const objection = (nature: 'TRUE' | 'FALSE' | 'HIDDEN', answered: boolean) =>
  ({
    type: 'ObjectionRecorded',
    data: {
      opportunityId,
      kind: 'PRICE',
      nature,
      response: answered ? { $sealed: idOf('some event'), field: 'response' } : null,
    },
  }) as const satisfies DealFact;

export const stalled = {
  type: 'OpportunityStalled',
  data: { opportunityId, stageId: 'discovery', daysInStage: 15, limitDays: 14 },
} as const satisfies DealFact;

export const won = {
  type: 'OpportunityWon',
  data: { opportunityId, quoteId: null, amount: total, lines, wonBy: SCENARIO_CONTEXT.actor },
} as const satisfies DealFact;

export const lost = {
  type: 'OpportunityLost',
  data: { opportunityId, kind: 'NEW_BUSINESS', reasonCode: 'PRICE', competitorId: null, note: null },
} as const satisfies DealFact;

/** The order of a win that is event number `revision`. */
export const orderId = (revision = 2): string => orderOfWin(opportunityId, revision);

/** A history that ends in each status. */
export const histories: Readonly<Record<OpportunityStatus, readonly DealFact[]>> = {
  '∅': [],
  // Ready for everything: two months in a stage, with a contact and lines.
  Open: [{ ...opened, occurredAt: Date.UTC(2025, 10, 15) }, linesRevised, attached],
  Won: [opened, linesRevised, won],
  Lost: [opened, lost],
  Abandoned: [opened, { type: 'OpportunityAbandoned', data: { opportunityId, reasonCode: 'DUPLICATE' } }],
};

/** A command of each name that no rule but the state could refuse. */
export const commands: { readonly [C in DealCommand['name']]: Extract<DealCommand, { name: C }> } = {
  OpenOpportunity: { name: 'OpenOpportunity', data: draft },
  ChangeStage: { name: 'ChangeStage', data: { toStageId: 'solution' } },
  ReviseForecast: {
    name: 'ReviseForecast',
    data: { amount: total, expectedCloseOn: '2026-01-16', category: 'BEST_CASE' },
  },
  ReviseLines: { name: 'ReviseLines', data: { lines, total } },
  AttachContact: { name: 'AttachContact', data: { leadId: idOf('lead'), role: 'LEAD' } },
  RecordCompetitor: {
    name: 'RecordCompetitor',
    data: { competitorId: idOf('rival'), position: 'AHEAD', note: 'cheaper' },
  },
  RecordObjection: {
    name: 'RecordObjection',
    data: { kind: 'PRICE', nature: 'TRUE', response: 'a discount' },
  },
  ReassignOpportunity: { name: 'ReassignOpportunity', data: { ownerId: idOf('other agent') } },
  FlagStalled: { name: 'FlagStalled', data: {} },
  MarkWon: { name: 'MarkWon', data: {} },
  MarkLost: { name: 'MarkLost', data: { reasonCode: 'PRICE', note: 'too dear' } },
  AbandonOpportunity: { name: 'AbandonOpportunity', data: { reasonCode: 'DUPLICATE' } },
  ReopenOpportunity: { name: 'ReopenOpportunity', data: { reason: 'they came back' } },
  RevertWin: { name: 'RevertWin', data: { orderId: orderId(), reasonCode: 'STOCK' } },
};
