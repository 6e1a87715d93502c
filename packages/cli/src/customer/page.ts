// The 360 document as one page for people. Parts that a server does not know yet, or a caller may not see, are left out.
import { count, number, table } from '../format.ts';
import { amounts, fields, joined, list, text, type Fields } from './fields.ts';
import { openWork } from './open-work.ts';

export type Whole = {
  readonly customerId: string;
  readonly businessDay: string | null;
  readonly generation: number;
  readonly stale: boolean;
  readonly slices: Readonly<Record<string, Fields | undefined>>;
  readonly summary: Fields | null;
  readonly masked: Readonly<Record<string, string>>;
};

export const customerPage = (whole: Whole): string =>
  [identity(whole), value(whole), openWork(whole.slices), churn(whole), nextActions(whole), footer(whole)]
    .filter((part) => part !== '')
    .join('\n');

/** `LABEL  text`, with the label once in front of several lines. Nothing where there is nothing to say. */
const row = (label: string, ...lines: readonly string[]): string =>
  lines
    .filter((line) => line !== '')
    .map((line, i) => `${(i === 0 ? label : '').padEnd(14)}${line}\n`)
    .join('');

const identity = ({ customerId, slices, summary, masked }: Whole): string => {
  const customer = fields(slices['customer']);
  const lifecycle = fields(summary?.['lifecycle']);
  const quality = fields(summary?.['dataQuality']);
  const hidden = masked['/slices/customer/displayName'];
  const name = text(customer['displayName']) ?? (hidden === undefined ? '(no name)' : `(name: ${hidden})`);
  const stands = [lifecycle['status'], lifecycle['stage'], lifecycle['pattern']].map(text);
  return [
    `${joined([name, text(customer['kind']), text(customer['status']), joined(stands, ' / ')], ' · ')}\n`,
    row('id', customerId),
    row('external ids', list(customer['externalIds']).map(externalId).join(' ')),
    row('owner', text(customer['ownerId']) ?? 'nobody'),
    row('contact', ...list(customer['contactPoints']).filter(isLive).map(contactPoint)),
    row(
      'contacts',
      ...list(customer['contacts']).map(({ name: who, role }) =>
        joined([text(role), text(who) ?? '(hidden)'], ' '),
      ),
    ),
    row('consents', list(customer['consents']).map(consent).join(' · ')),
    row(
      'merged',
      list(customer['merged'])
        .map((one) => text(one['customerId']))
        .join(' '),
    ),
    row('data quality', quality['score'] === undefined ? '' : `${text(quality['score']) ?? '–'} of 100`),
  ].join('');
};

const externalId = ({ system, id }: Fields): string => `${text(system) ?? '?'}:${text(id) ?? '?'}`;
const isLive = ({ retired }: Fields): boolean => retired === null || retired === undefined;
const contactPoint = ({ channel, value: shown, primary, verified }: Fields): string => {
  const marks = joined([primary === true ? 'primary' : null, verified === true ? 'verified' : null], ', ');
  return joined([text(channel), text(shown) ?? '(hidden)', marks === '' ? null : `(${marks})`], ' ');
};
const consent = ({ purpose, channel, granted }: Fields): string =>
  `${text(purpose) ?? '?'}/${text(channel) ?? '?'} ${granted === true ? 'granted' : 'withdrawn'}`;

const value = ({ slices, summary }: Whole): string => {
  const order = fields(slices['order']);
  if (Object.keys(order).length === 0) return '';
  const { recent, previous } = fields(summary?.['value']);
  const rfm = fields(summary?.['rfm']);
  const scores = ['r', 'f', 'm'].map((name) => text(rfm[name]) ?? '–').join('-');
  const orders = Number(order['count'] ?? 0);
  const span = joined([text(order['firstOn']), text(order['lastOn'])], ' – ');
  return [
    row(
      'orders',
      joined([count(orders, 'order'), `${text(order['fulfilled']) ?? '0'} fulfilled`, span], ' · '),
    ),
    row('net', amounts(order['net']) ?? ''),
    row(
      'recent',
      joined(
        [amounts(recent), previous === undefined ? null : `before that ${amounts(previous) ?? '–'}`],
        ' · ',
      ),
    ),
    row('RFM', orders === 0 ? '' : scores),
    ...list(fields(slices['loyalty'])['accounts']).map(loyalty),
  ].join('');
};

const loyalty = (account: Fields): string => {
  const expiry = fields(account['nextExpiry']);
  const debt = Number(account['debt'] ?? 0);
  return row(
    'loyalty',
    joined(
      [
        `${text(account['available']) ?? '0'} points`,
        Number(account['pending'] ?? 0) > 0 ? `${text(account['pending']) ?? ''} pending` : null,
        debt > 0 ? `${number(debt)} debt` : null,
        expiry['on'] === undefined
          ? null
          : `${text(expiry['points']) ?? ''} expire on ${text(expiry['on']) ?? ''}`,
        text(account['status']),
      ],
      ' · ',
    ),
  );
};

const churn = ({ slices, summary }: Whole): string => {
  const { level, score, since } = { ...fields(slices['churn']), ...fields(summary?.['churn']) };
  if (text(level) === null) return '';
  const signals = list(fields(slices['churn'])['signals']).map(
    (one) => `${text(one['code']) ?? '?'} (severity ${text(one['severity']) ?? '?'})`,
  );
  const churned = fields(fields(slices['churn'])['churned']);
  return [
    row(
      'churn',
      joined([text(level), text(score), text(since) === null ? null : `since ${text(since) ?? ''}`], ' · '),
    ),
    row('signals', ...signals),
    row('churned', joined([text(churned['on']), text(churned['mode'])], ' · ')),
  ].join('');
};

const nextActions = ({ summary }: Whole): string =>
  table(
    ['NEXT', 'WHAT', 'RULE', 'BECAUSE OF'],
    list(summary?.['nextActions']).map((action) => {
      const evidence = fields(action['evidence']);
      const because = joined([text(evidence['path']), text(evidence['eventId'])], ' ');
      return [text(action['code']), text(action['en']), text(action['rule']), because];
    }),
  );

const footer = ({ businessDay, generation, stale }: Whole): string =>
  row(
    'as of',
    joined(
      [
        `business day ${businessDay ?? 'none closed yet'}`,
        `generation ${generation}`,
        stale ? 'STANDS STILL: parked or an older generation' : null,
      ],
      ' · ',
    ),
  );
