// What waits for somebody, one line each.
import { table, type Cell } from '../format.ts';
import { amounts, fields, joined, list, text, type Fields } from './fields.ts';

/** A table of everything under way; nothing where there is nothing. */
export const openWork = (slices: Readonly<Record<string, Fields | undefined>>): string => {
  const slice = (name: string): Fields => fields(slices[name]);
  return table(
    ['OPEN', 'ID', 'STATE', 'DUE'],
    [
      ...list(slice('lead')['leads']).filter(isUnderWay).map(lead),
      ...list(slice('opportunity')['open']).map(deal),
      ...list(slice('order')['open']).map(order),
      ...list(slice('order')['returns']).filter(isUnderWay).map(returned),
      ...list(slice('service')['openCases']).map(serviceCase),
      ...list(slice('service')['complaints']).filter(isUnderWay).map(complaint),
      ...retention(fields(fields(slice('loyalty')['retention'])['open'])),
    ],
  );
};

const line = (kind: string, id: unknown, about: readonly unknown[], due: unknown = null): readonly Cell[] => [
  kind,
  text(id),
  joined(about.map(text), ' '),
  text(due),
];

const lead = (one: Fields): readonly Cell[] =>
  line(
    'lead',
    one['leadId'],
    [one['status'], one['source'], one['grade'], one['overdue'] === true ? 'overdue' : null],
    one['respondBy'],
  );

const deal = (one: Fields): readonly Cell[] =>
  line(
    'deal',
    one['opportunityId'],
    [one['stageId'], one['name'], amounts(one['amount']), one['stalled'] === true ? 'stalled' : null],
    one['expectedCloseOn'],
  );

const order = (one: Fields): readonly Cell[] =>
  line('order', one['orderId'], [one['status'], one['channel'], amounts(one['total'])]);

const returned = (one: Fields): readonly Cell[] =>
  line('return', one['returnId'], [one['status'], one['reasonCode']]);

const serviceCase = (one: Fields): readonly Cell[] => {
  const clocks = list(one['clocks']);
  const breached = clocks.some((clock) => clock['breached'] === true) ? 'SLA breached' : null;
  const dues = clocks.map(({ dueAt }) => text(dueAt)).filter((due) => due !== null);
  return line(
    'case',
    one['caseId'],
    [one['status'], one['priority'], one['category'], breached],
    dues.toSorted()[0],
  );
};

const complaint = (one: Fields): readonly Cell[] =>
  line('complaint', one['complaintId'], [one['status'], one['topic'], one['severity']]);

const retention = (one: Fields): readonly (readonly Cell[])[] =>
  one['retentionCaseId'] === undefined
    ? []
    : [line('retention', one['retentionCaseId'], [one['status'], one['riskLevel']])];

/** States in which nobody waits for anything any more. */
const OVER = new Set([
  ...['Converted', 'Disqualified', 'Refunded', 'Rejected', 'Settled'],
  'EscalatedExternally',
]);
const isUnderWay = ({ status }: Fields): boolean => !OVER.has(text(status) ?? '');
