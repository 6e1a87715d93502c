// What people may say to each aggregate: a body per command, drawn from the seed. Mostly sensible, sometimes not.
import { tenureNamespace, uuid5 } from '@tenure/core';
import type { Random } from '../../random.ts';
import { CURRENCY } from './platform.ts';

const NAMESPACE = tenureNamespace('lifecycle');

export const idOf = (...names: readonly string[]): string => uuid5(NAMESPACE, ...names);

export const PROGRAM = idOf('club');
export const REWARDS = [idOf('shipping'), idOf('cashback')] as const;

/** Few, so that they meet: the same person leaves his address twice. */
const PEOPLE = ['王小明', '李雷', '韩梅梅', '刘洋', '陈静', '杨帆', '赵敏', '周杰'].map((name, i) => ({
  ...{ name, email: `person-${i}@example.com`, phone: `+86 138 0013 800${i}` },
}));

type Fields = Readonly<Record<string, unknown>>;
type Line = { readonly lineId: string; readonly qty: number; readonly total: { readonly minor: number } };

/** What a body is drawn from: chance, the state that is shown, and whom the others know. */
export type Draw = {
  readonly random: Random;
  /** Unique in the schedule. */
  readonly name: string;
  readonly state: Fields;
  /** The business date. */
  readonly today: string;
  readonly customers: readonly string[];
  readonly deals: readonly string[];
  readonly accounts: readonly string[];
  readonly cases: readonly string[];
};
type Drawn = Fields | null;
type Bodies = Readonly<Record<string, (draw: Draw) => Drawn>>;

const cny = (minor: number) => ({ minor, currency: CURRENCY });
const oneOf = <T>(random: Random, list: readonly T[]): T | null =>
  list.length === 0 ? null : random.pick(list);
const listOf = (state: Fields, field: string): readonly Fields[] => (state[field] as readonly Fields[]) ?? [];
const none = (): Drawn => ({});

const lines = ({ random, name }: Draw) => {
  const drawn = Array.from({ length: 1 + random.below(2) }, (_, i) => {
    const qty = 1 + random.below(3);
    const price = 9_900 + 10_000 * random.below(12);
    const tax = Math.floor((qty * price * 13) / 100);
    return {
      lineId: idOf(name, String(i)),
      productId: idOf('product', String(random.below(4))),
      category: `category-${random.below(3)}`,
      qty,
      unitPrice: cny(price),
      discount: cny(0),
      tax: cny(tax),
      total: cny(qty * price + tax),
    };
  });
  return { lines: drawn, total: cny(drawn.reduce((sum, { total }) => sum + total.minor, 0)) };
};

const pieces = ({ random, state }: Draw): Drawn => {
  const line = oneOf(random, (state['lines'] as readonly Line[]) ?? []);
  return line && { lines: [{ lineId: line.lineId, qty: 1 + random.below(line.qty) }] };
};

const draft = ({ random, name, today }: Draw) => ({
  name: `deal ${name}`,
  kind: random.pick(['NEW_BUSINESS', 'NEW_BUSINESS', 'RENEWAL', 'UP_SELL']),
  pipelineId: 'sales',
  stageId: 'discovery',
  amount: cny(100_000),
  expectedCloseOn: today,
  ownerId: idOf('agent'),
});

const someone = ({ random, customers }: Draw): Drawn => {
  const customerId = oneOf(random, customers);
  return customerId === null ? null : { customerId };
};

const contact = ({ random }: Draw): Drawn => {
  const person = random.pick(PEOPLE);
  const channel = random.pick(['EMAIL', 'PHONE'] as const);
  return { channel, value: channel === 'EMAIL' ? person.email : person.phone, primary: random.chance(0.5) };
};

const contactPoint = ({ random, state }: Draw, more: Fields): Drawn => {
  const point = oneOf(random, listOf(state, 'contactPoints'));
  return point && { contactPointId: point['contactPointId'], ...more };
};

const conversion = (draw: Draw): Drawn => {
  const { random, customers, deals } = draw;
  const existing = random.chance(0.35) ? oneOf(random, customers) : null;
  const deal = random.chance(0.3) ? oneOf(random, deals) : null;
  const opens = random.chance(0.7);
  return {
    customerKind: 'PERSON',
    ...(existing === null
      ? { customerMode: 'NEW' }
      : { customerMode: 'EXISTING', existingCustomerId: existing }),
    ...(deal !== null
      ? { opportunityMode: 'EXISTING', opportunityId: deal }
      : opens
        ? { opportunityMode: 'NEW', opportunity: { ...draft(draw), pipelineVersion: 1 } }
        : { opportunityMode: 'NONE' }),
  };
};

const remedy = ({ random }: Draw): Drawn =>
  random.chance(0.7)
    ? { kind: 'POINTS', points: random.pick([100, 500, 1_000]) }
    : { kind: 'REFUND', value: cny(5_000) };

const transfer = ({ random, accounts }: Draw): Drawn => {
  const toAccountId = oneOf(random, accounts);
  return toAccountId === null ? null : { toAccountId, points: random.pick([100, 150]) };
};

const because: Bodies[string] = ({ name }) => ({ reason: `because ${name}` });

export const bodies: Readonly<Record<string, Bodies>> = {
  customer: {
    RegisterCustomer: ({ random, name }) => ({
      customerId: idOf('customer', name),
      kind: 'PERSON',
      displayName: random.pick(PEOPLE).name,
      source: 'MANUAL',
    }),
    AddContactPoint: contact,
    VerifyContactPoint: (draw) => contactPoint(draw, { method: 'code' }),
    RetireContactPoint: (draw) => contactPoint(draw, { reason: 'BOUNCED' }),
    LinkExternalIdentity: ({ random }) => ({
      system: random.pick(['erp', 'login']),
      externalId: `x-${random.below(3)}`,
      confidence: 100,
    }),
    GrantConsent: () => ({
      ...{ purpose: 'marketing', channel: 'EMAIL', legalBasis: 'CONSENT' },
      ...{ policyVersion: '1', evidenceRef: 'form' },
    }),
    WithdrawConsent: () => ({ purpose: 'marketing', channel: 'EMAIL' }),
    MergeCustomers({ random, customers }) {
      const absorbed = oneOf(random, customers);
      return absorbed === null ? null : { absorbedIds: [absorbed] };
    },
    UnmergeCustomer({ random, state, name }) {
      const merge = oneOf(random, listOf(state, 'merges'));
      return merge && { mergeId: merge['mergeId'], reason: `because ${name}` };
    },
    RequestErasure: none,
    CancelErasure: because,
  },
  match: {
    ApproveMatch: none,
    RejectMatch: because,
  },
  lead: {
    CaptureLead({ random, name }) {
      const { name: person, email, phone } = random.pick(PEOPLE);
      return {
        source: random.pick(['WEB_FORM', 'CALL', 'REFERRAL']),
        ...(random.chance(0.3) && { sourceRef: `form-${name}` }),
        person: {
          name: person,
          ...(random.chance(0.4) && { email }),
          ...(random.chance(0.3) && { phone }),
        },
      };
    },
    ScoreLead: none,
    AssignLead: () => ({ ownerId: idOf('agent') }),
    LogContactAttempt: ({ random }) => ({ channel: 'PHONE', outcome: random.pick(['REACHED', 'NO_ANSWER']) }),
    NurtureLead: () => ({ programId: idOf('newsletter') }),
    QualifyLead: ({ random, today }) =>
      random.chance(0.5)
        ? { level: 'MQL' }
        : { level: 'SQL', budget: cny(100_000), authority: 'he decides', need: 'soon', timeline: today },
    DisqualifyLead: () => ({ reasonCode: 'NO_NEED' }),
    RecycleLead: none,
    RequestConversion: conversion,
  },
  opportunity: {
    OpenOpportunity: (draw) => {
      const customer = someone(draw);
      return customer && { ...draft(draw), ...customer };
    },
    ChangeStage: ({ random }) => ({
      toStageId: random.pick(['solution', 'proposal', 'negotiation', 'commit']),
    }),
    ReviseForecast: ({ today }) => ({ amount: cny(120_000), expectedCloseOn: today, category: 'COMMIT' }),
    ReviseLines: lines,
    RecordCompetitor: () => ({ competitorId: idOf('competitor'), position: 'AHEAD' }),
    MarkWon: none,
    MarkLost: () => ({ reasonCode: 'PRICE' }),
    AbandonOpportunity: () => ({ reasonCode: 'NO_CONTACT' }),
    ReopenOpportunity: because,
  },
  order: {
    PlaceOrder: (draw) => {
      const customer = someone(draw);
      const externalRef = draw.random.chance(0.3) ? { externalRef: `ref-${draw.random.below(6)}` } : {};
      return customer && { channel: 'WEB_SHOP', ...externalRef, ...lines(draw), ...customer };
    },
    ConfirmOrder: none,
    RejectOrder: () => ({ reasonCode: 'STOCK' }),
    HoldOrder: () => ({ reason: 'STOCK' }),
    ReleaseOrder: none,
    AmendOrder: (draw) => ({ ...lines(draw), reason: 'asked for' }),
    RecordFulfilment: pieces,
    CompleteFulfilment: none,
    CancelOrder: () => ({ reasonCode: 'CHANGED_MIND', by: 'CUSTOMER' }),
  },
  return: {
    ApproveReturn: none,
    RejectReturn: () => ({ reasonCode: 'OTHER' }),
    ReceiveReturn: ({ state }) => ({ lines: state['lines'], condition: 'as new' }),
    IssueRefund: ({ random, state }) => ({
      amount: cny(1_000 * (1 + random.below(9))),
      lines: state['lines'],
    }),
  },
  case: {
    OpenCase: (draw) => {
      const customer = someone(draw);
      return (
        customer && {
          ...customer,
          ...{ channel: 'PHONE', category: 'delivery', subject: 'where is it' },
          priority: draw.random.pick(['LOW', 'NORMAL', 'HIGH', 'URGENT']),
        }
      );
    },
    AssignCase: () => ({ agentId: idOf('agent') }),
    RespondToCase: ({ random }) => ({ byHuman: random.chance(0.8) }),
    PendOnCustomer: () => ({ question: 'which one?' }),
    RecordCustomerReply: none,
    DenyEntitlement: () => ({ reasonCode: 'MISUSE', chargeable: false }),
    ResolveCase: () => ({ resolutionCode: 'SOLVED', firstContact: false }),
    CloseCase: none,
    ReopenCase: because,
    MergeCase({ random, cases }) {
      const intoCaseId = oneOf(random, cases);
      return intoCaseId === null ? null : { intoCaseId };
    },
  },
  complaint: {
    RegisterComplaint: (draw) => {
      const customer = someone(draw);
      return (
        customer && {
          ...customer,
          ...{ topic: 'DELIVERY', channel: 'PHONE', text: 'too late' },
          severity: draw.random.pick(['LOW', 'MEDIUM', 'HIGH']),
        }
      );
    },
    AcknowledgeComplaint: none,
    InvestigateComplaint: () => ({ rootCause: 'carrier', fault: 'OURS' }),
    OfferRemedy: remedy,
    AcceptRemedy: none,
    DeclineRemedy: because,
    RejectComplaint: because,
    EscalateComplaint: () => ({ body: 'ombudsman' }),
  },
  loyaltyaccount: {
    RedeemPoints: ({ random }) => ({ rewardId: random.pick(REWARDS) }),
    ReverseRedemption({ random, state, name }) {
      const redemption = oneOf(random, listOf(state, 'redemptions'));
      return redemption && { redemptionId: redemption['redemptionId'], reason: `because ${name}` };
    },
    TransferPoints: transfer,
    AdjustPoints: ({ random, name }) => ({ points: random.pick([-50, 50, 200]), reason: `because ${name}` }),
    SuspendMembership: because,
    ReinstateMembership: none,
    CloseMembership: because,
  },
  retentioncase: {
    MakeRetentionOffer: () => ({ kind: 'CALL_BACK', cost: cny(1_000) }),
    CloseRetentionLost: () => ({ reasonCode: 'PRICE' }),
    CloseRetentionFalseAlarm: none,
  },
};
