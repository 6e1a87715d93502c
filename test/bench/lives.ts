// Customers through all five stages as requests: a lead is converted, a deal won, its order delivered, a second one
// bought, a case answered, a complaint settled with points, and these are spent. Many lives at once, each at its own step.
import { URL_NAMESPACE, uuid5 } from '../../packages/core/src/index.ts';
import type { Json } from './server.ts';

const named = (...names: readonly string[]): string => uuid5(URL_NAMESPACE, 'bench life', ...names);
const cny = (minor: number) => ({ minor, currency: 'CNY' });

const AGENT = named('agent');
const PRODUCT = named('product');
export const PROGRAM = named('programme');
const REWARD = named('reward');
const CLOSES = '2026-03-31';

export type Life = {
  readonly customer: string;
  readonly id: (what: string) => string;
  /** The order that the won deal has become; null: it is not won. */
  wonOrder: string | null;
};

export const lifeOf = (n: number): Life => {
  const id = (what: string): string => named(String(n), what);
  return { customer: uuid5(id('lead'), 'customer'), id, wonOrder: null };
};

const dealOf = ({ id }: Life): string => uuid5(id('conversion'), 'opportunity');

const lines = (life: Life, order: string, minor: number) => {
  const amounts = { unitPrice: cny(minor), discount: cny(0), tax: cny(0), total: cny(minor) };
  return {
    lines: [{ lineId: life.id(`${order} line`), productId: PRODUCT, qty: 1, ...amounts }],
    total: cny(minor),
  };
};

type Step = {
  readonly path: (life: Life) => string;
  readonly body?: (life: Life) => object;
  readonly learn?: (life: Life, answer: Json) => void;
};

const on = (plural: string, idOf: (life: Life) => string) => (command: string, body: Step['body']) => ({
  path: (life: Life): string => `/api/${plural}/${idOf(life)}/${command}`,
  ...(body !== undefined && { body }),
});
const lead = on('leads', ({ id }) => id('lead'));
const deal = on('opportunities', dealOf);
const wonOrder = on('orders', ({ wonOrder: order }) => order ?? 'not-won');
const order = on('orders', ({ id }) => id('order'));
const support = on('cases', ({ id }) => id('case'));
const complaint = on('complaints', ({ id }) => id('complaint'));

const stage = (toStageId: string): Step => deal('change-stage', () => ({ toStageId }));

const becoming: readonly Step[] = [
  {
    path: () => '/api/leads',
    body: ({ id }) => ({
      leadId: id('lead'),
      source: 'WEB_FORM',
      person: { name: id('name'), email: `${id('mail')}@example.com` },
      interests: ['instruments'],
    }),
  },
  lead('assign', () => ({ ownerId: AGENT })),
  lead('qualify', () => ({ level: 'MQL' })),
  lead('request-conversion', ({ id }) => ({
    conversionId: id('conversion'),
    customerMode: 'NEW',
    customerKind: 'PERSON',
    opportunityMode: 'NEW',
    opportunity: {
      name: 'First order',
      kind: 'NEW_BUSINESS',
      pipelineId: 'sales',
      pipelineVersion: 1,
      stageId: 'discovery',
      amount: cny(120_000),
      expectedCloseOn: CLOSES,
      ownerId: AGENT,
    },
  })),
];

const buying: readonly Step[] = [
  stage('solution'),
  deal('revise-lines', (life) => lines(life, 'deal', 120_000)),
  stage('proposal'),
  stage('negotiation'),
  deal('revise-forecast', () => ({ amount: cny(120_000), expectedCloseOn: CLOSES, category: 'COMMIT' })),
  stage('commit'),
  {
    ...deal('mark-won', () => ({})),
    learn(life, { revision }) {
      life.wonOrder = uuid5(dealOf(life), String(revision));
    },
  },
  wonOrder('confirm', () => ({})),
  wonOrder('complete-fulfilment', () => ({})),
  {
    path: () => '/api/orders',
    body: (life) => ({
      orderId: life.id('order'),
      customerId: life.customer,
      channel: 'WEB_SHOP',
      ...lines(life, 'order', 40_000),
    }),
  },
  order('confirm', () => ({})),
  order('complete-fulfilment', () => ({})),
];

const complaining: readonly Step[] = [
  {
    path: () => '/api/cases',
    body: ({ id, customer }) => ({
      caseId: id('case'),
      customerId: customer,
      channel: 'EMAIL',
      category: 'PRODUCT_FAULT',
      priority: 'NORMAL',
      subject: 'The meter shows nothing',
    }),
  },
  support('assign', () => ({ agentId: AGENT })),
  support('respond', () => ({ byHuman: true })),
  {
    path: () => '/api/complaints',
    body: ({ id, customer }) => ({
      complaintId: id('complaint'),
      customerId: customer,
      ...{ topic: 'PRODUCT', severity: 'MEDIUM', channel: 'EMAIL', text: 'I have been waiting all day.' },
    }),
  },
  complaint('acknowledge', () => ({})),
  complaint('offer-remedy', () => ({ kind: 'POINTS', points: 300 })),
  complaint('accept-remedy', () => ({})),
  on('loyalty-accounts', ({ customer }) => uuid5(customer, PROGRAM))('redeem-points', () => ({
    rewardId: REWARD,
  })),
];

/** One life, from the lead to the points that are spent. The case stays open: days that close look after it. */
export const steps: readonly Step[] = [...becoming, ...buying, ...complaining];

/** What has to be there before: a live programme with a reward. */
export const programme: readonly { readonly path: string; readonly body: object }[] = [
  {
    path: '/api/loyalty-programs',
    body: { programId: PROGRAM, name: 'Club', pointsName: 'points', autoEnrol: true },
  },
  {
    path: `/api/loyalty-programs/${PROGRAM}/publish-tier-ladder`,
    body: {
      metric: 'POINTS',
      period: 'CALENDAR_YEAR',
      tiers: [
        { tierId: 'BRONZE', name: 'Bronze', threshold: 0 },
        { tierId: 'SILVER', name: 'Silver', threshold: 1_000 },
      ],
    },
  },
  {
    path: `/api/loyalty-programs/${PROGRAM}/publish-earning-rules`,
    body: {
      rules: [
        {
          ruleId: 'base',
          when: { gt: ['line.base', 0] },
          points: { floor: { div: ['line.base', 'minorPerPoint'] } },
          cap: 20_000,
        },
      ],
      lotPolicy: { availableAfterDays: 30, expiry: 'END_OF_YEAR', expiryAfter: 1 },
    },
  },
  {
    path: `/api/loyalty-programs/${PROGRAM}/publish-reward`,
    body: { rewardId: REWARD, name: 'Free shipping', kind: 'SERVICE', cost: 300 },
  },
];
