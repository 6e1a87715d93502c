// What of the document can be listed, filtered and pulled by BI: one line per column.
import { parseInstant, type Money } from '@tenure/core';
import { column, type Column, type Document } from '@tenure/projections';
import { isOpenLead } from './lead-slice.ts';
import type { CustomerSlices, Summary } from './summary.ts';
import type { Times } from './times.ts';

type Customer = { readonly slices: CustomerSlices; readonly summary: Summary | null };
const of = (document: Document): Customer =>
  document as Document<CustomerSlices> & { readonly summary: Summary | null };

const inHomeCurrency = (document: Document): Money | undefined => {
  const { slices } = of(document);
  return (
    slices.order.net.find((money) => money.currency === slices.customer.homeCurrency) ?? slices.order.net[0]
  );
};

const known = (instants: readonly (string | null)[]): readonly string[] =>
  instants.filter((instant) => instant !== null).toSorted();

const ms = (instant: string | undefined): number | null =>
  instant === undefined ? null : parseInstant(instant);

/** When the customer or the company did something; what was concluded about the risk is none of it. */
const slicesOf = (document: Document): readonly Times[] => {
  const { customer, lead, loyalty, opportunity, order, service } = of(document).slices;
  return [customer, lead, loyalty, opportunity, order, service];
};

const pointsOf = (document: Document): number =>
  of(document).slices.loyalty.accounts.reduce((sum, { available }) => sum + available, 0);

export const columns: readonly Column[] = [
  column('status', 'text', (d) => of(d).slices.customer.status, {
    en: 'Status of the customer record',
    zh: '客户档案状态',
  }),
  column('kind', 'text', (d) => of(d).slices.customer.kind, { en: 'Kind of party', zh: '客户类型' }),
  column('owner_id', 'text', (d) => of(d).slices.customer.ownerId, { en: 'Account owner', zh: '客户负责人' }),
  column('lifecycle', 'text', (d) => of(d).summary?.lifecycle.status ?? null, {
    en: 'Lifecycle status',
    zh: '生命周期状态',
  }),
  column('stage', 'text', (d) => of(d).summary?.lifecycle.stage ?? null, {
    en: 'Lifecycle stage',
    zh: '生命周期阶段',
  }),
  column('pattern', 'text', (d) => of(d).summary?.lifecycle.pattern ?? null, {
    en: 'How an ended relationship went',
    zh: '关系终止模式',
    indexed: false,
  }),
  column('level', 'text', (d) => of(d).slices.churn.level, {
    en: 'Published churn risk',
    zh: '流失风险等级',
  }),
  column('created_at', 'integer', (d) => ms(known(slicesOf(d).map(({ createdAt }) => createdAt))[0]), {
    en: 'First event',
    zh: '首个事件时间',
    unit: 'ms',
  }),
  column('updated_at', 'integer', (d) => ms(known(slicesOf(d).map(({ updatedAt }) => updatedAt)).at(-1)), {
    en: 'Newest event',
    zh: '最新事件时间',
    unit: 'ms',
  }),
  column('home_currency', 'text', (d) => of(d).slices.customer.homeCurrency, {
    en: 'Home currency',
    zh: '本位币',
    indexed: false,
  }),
  column('orders', 'integer', (d) => of(d).slices.order.count, {
    en: 'Standing orders',
    zh: '有效订单数',
    unit: 'orders',
    measure: 'sum',
    indexed: false,
  }),
  column('first_order_on', 'text', (d) => of(d).slices.order.firstOn, {
    en: 'First order day',
    zh: '首次下单日',
    indexed: false,
  }),
  column('last_order_on', 'text', (d) => of(d).slices.order.lastOn, {
    en: 'Last order day',
    zh: '最近下单日',
  }),
  column('net_revenue', 'integer', (d) => inHomeCurrency(d)?.minor ?? null, {
    en: 'Net revenue in the currency beside it',
    zh: '净收入(币种见旁列)',
    unit: 'minor units',
    measure: 'sum',
    indexed: false,
  }),
  column('net_currency', 'text', (d) => inHomeCurrency(d)?.currency ?? null, {
    en: 'Currency of the net revenue',
    zh: '净收入币种',
    indexed: false,
  }),
  column('rfm_r', 'integer', (d) => of(d).summary?.rfm.r ?? null, {
    en: 'Recency score, 5 is most recent',
    zh: '最近消费得分(5 为最近)',
    indexed: false,
  }),
  column('rfm_f', 'integer', (d) => of(d).summary?.rfm.f ?? null, {
    en: 'Frequency score',
    zh: '消费频率得分',
    indexed: false,
  }),
  column('rfm_m', 'integer', (d) => of(d).summary?.rfm.m ?? null, {
    en: 'Monetary score',
    zh: '消费金额得分',
    indexed: false,
  }),
  column('data_quality', 'integer', (d) => of(d).summary?.dataQuality?.score ?? null, {
    en: 'Quality of the record, 0 to 100',
    zh: '数据质量分(0–100)',
    unit: 'points',
    measure: 'average',
    indexed: false,
  }),
  column('next_action', 'text', (d) => of(d).summary?.nextActions[0]?.code ?? null, {
    en: 'Most urgent next action',
    zh: '首要下一步',
  }),
  column('open_leads', 'integer', (d) => of(d).slices.lead.leads.filter(isOpenLead).length, {
    en: 'Open leads',
    zh: '进行中线索数',
    unit: 'leads',
    measure: 'sum',
    indexed: false,
  }),
  column('open_deals', 'integer', (d) => of(d).slices.opportunity.open.length, {
    en: 'Open opportunities',
    zh: '进行中商机数',
    unit: 'opportunities',
    measure: 'sum',
    indexed: false,
  }),
  column('open_cases', 'integer', (d) => of(d).slices.service.openCases.length, {
    en: 'Open cases',
    zh: '未结个案数',
    unit: 'cases',
    measure: 'sum',
    indexed: false,
  }),
  column('points_available', 'integer', pointsOf, {
    en: 'Points that may be spent',
    zh: '可用积分',
    unit: 'points',
    measure: 'sum',
    indexed: false,
  }),
  column('churned_on', 'text', (d) => of(d).slices.churn.churned?.on ?? null, {
    en: 'Day on which the customer counted as lost',
    zh: '流失日期',
    indexed: false,
  }),
];
