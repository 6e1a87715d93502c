// What of an assessment can be listed, filtered and pulled by BI: one line per column, one column per signal.
import { column, type Column, type Document } from '@tenure/projections';
import type { Assessment } from './assessment.ts';
import { revision, type Published } from './published.ts';
import type { RuleBook } from './rules.ts';
import { signals } from './signals/index.ts';
import type { AssessedSlices } from './slices.ts';

type Customer = {
  readonly id: string;
  readonly slices: AssessedSlices & { readonly churn: Published };
  readonly summary: Assessment | null;
};
const of = (document: Document): Customer => document as Document<Customer['slices']> & Customer;

/** The column with the severity of a signal: empty while it does not hold. */
export const signalColumn = (code: string): string => `signal_${code.toLowerCase()}`;

/** Columns that rows are found by. */
export const COLUMNS = {
  level: 'level',
  score: 'score',
  owner: 'owner_id',
  published: 'published_level',
  unpublished: 'unpublished',
} as const;

/** The assessment of whoever can be listed: an erased customer is nobody's risk. */
const listed = (document: Document): Assessment | null => {
  const { slices, summary } = of(document);
  return slices.customer.erased ? null : summary;
};

/** Is there something to tell that was not told? The risk aggregate has the last word. */
const isUnpublished = (document: Document, book: RuleBook): boolean => {
  const { id, slices, summary } = of(document);
  if (summary === null || slices.customer.erased) return false;
  const rules = book.version(summary.rules.version);
  return revision(slices.churn, summary, { customerId: id, at: 0, rules, occasion: [] }).length > 0;
};

export const columnsFor = (book: RuleBook): readonly Column[] => [
  column(COLUMNS.score, 'integer', (d) => listed(d)?.score ?? null, {
    en: 'Churn score, 0 to 100',
    zh: '流失风险分(0–100)',
    measure: 'average',
  }),
  column(COLUMNS.level, 'text', (d) => listed(d)?.level ?? null, {
    en: 'Churn level of the assessment',
    zh: '流失风险等级(评估)',
  }),
  column(COLUMNS.published, 'text', (d) => of(d).slices.churn.level, {
    en: 'Churn level as published',
    zh: '流失风险等级(已发布)',
  }),
  column(COLUMNS.owner, 'text', (d) => of(d).slices.customer.ownerId, {
    en: 'Account owner',
    zh: '客户负责人',
  }),
  column('churned_on', 'text', (d) => of(d).slices.churn.churned?.on ?? null, {
    en: 'Lost since',
    zh: '流失日期',
  }),
  column('last_order_on', 'text', (d) => of(d).summary?.lastOrder?.on ?? null, {
    en: 'Last order day',
    zh: '最近下单日',
    indexed: false,
  }),
  column(COLUMNS.unpublished, 'integer', (d) => (isUnpublished(d, book) ? 1 : 0), {
    en: 'The assessment differs from what was published',
    zh: '评估与已发布内容不一致',
  }),
  ...signals.map(({ code, en, zh }) =>
    column(
      signalColumn(code),
      'integer',
      (d) => of(d).summary?.signals.find((signal) => signal.code === code)?.severity ?? null,
      { en: `${en}: severity`, zh: `${zh}:严重度`, indexed: false },
    ),
  ),
];
