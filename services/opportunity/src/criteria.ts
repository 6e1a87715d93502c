// What a deal must fulfil to leave a stage. A pipeline says which of these stand on which edge.
import { total, type CalendarDate, type Money } from '@tenure/core';

export const CRITERIA = [
  'AMOUNT_POSITIVE',
  'CLOSE_DATE_AHEAD',
  'LEAD_OR_CONTACT',
  'LINES',
  'AMOUNT_IS_LINE_TOTAL',
  'FORECAST_COMMIT',
  'OBJECTIONS_ANSWERED',
] as const;
export type Criterion = (typeof CRITERIA)[number];

/** What the criteria look at. */
export type DealFacts = {
  readonly originLeadId: string | null;
  readonly amount: Money | null;
  readonly expectedCloseOn: CalendarDate | null;
  readonly category: string | null;
  readonly lines: readonly { readonly total: Money }[];
  readonly contacts: readonly unknown[];
  readonly objections: readonly { readonly nature: string; readonly answered: boolean }[];
};

const holds: Readonly<Record<Criterion, (deal: DealFacts, today: CalendarDate) => boolean>> = {
  AMOUNT_POSITIVE: ({ amount }) => amount !== null && amount.minor > 0,
  CLOSE_DATE_AHEAD: ({ expectedCloseOn }, today) => expectedCloseOn !== null && expectedCloseOn >= today,
  LEAD_OR_CONTACT: ({ originLeadId, contacts }) => originLeadId !== null || contacts.length > 0,
  LINES: ({ lines }) => lines.length > 0,
  AMOUNT_IS_LINE_TOTAL: ({ amount, lines }) =>
    amount !== null && lineTotals(lines, amount).minor === amount.minor,
  FORECAST_COMMIT: ({ category }) => category === 'COMMIT',
  OBJECTIONS_ANSWERED: ({ objections }) =>
    objections.every(({ nature, answered }) => nature !== 'TRUE' || answered),
};

/** Sum of the line totals, in the currency of `amount`. */
export const lineTotals = (lines: DealFacts['lines'], { currency }: Money): Money =>
  total(
    lines.map((line) => line.total),
    currency,
  );

/** Those of the criteria that the deal does not fulfil, in their order. */
export const unmet = (
  criteria: readonly Criterion[],
  deal: DealFacts,
  today: CalendarDate,
): readonly Criterion[] => criteria.filter((criterion) => !holds[criterion](deal, today));
