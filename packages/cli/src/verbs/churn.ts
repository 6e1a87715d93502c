// `tenure churn board|signals`.
import { oneCustomer, READER } from '../customer/find.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { number, table } from '../format.ts';
import { listed } from '../pages.ts';
import type { Shell } from '../shell.ts';
import { wholeNumber } from '../words.ts';

export type BoardOptions = {
  readonly level?: string;
  readonly signal?: string;
  readonly owner?: string;
  readonly sort: string;
  readonly limit: string;
};

type BoardItem = {
  readonly customerId: string;
  readonly score: number;
  readonly level: string;
  /** The level that was told to the world: it goes down later than the assessment. */
  readonly published: string;
  readonly signals: readonly { readonly code: string; readonly severity: number }[];
  readonly ownerId: string | null;
  readonly lastOrderOn: string | null;
  readonly churnedOn: string | null;
};

const LEVELS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];

export const churnBoard = async (
  shell: Shell,
  { level, signal, owner, sort, limit }: BoardOptions,
): Promise<ExitCode> => {
  const query = { level: level?.toUpperCase(), signal: signal?.toUpperCase(), owner, sort };
  const most = wholeNumber(limit, '--limit');
  const { found, first } = await listed<BoardItem>(shell, READER, '/api/churn/board', most, query);
  const distribution = (first['distribution'] ?? {}) as Readonly<Record<string, number>>;
  shell.print(
    { distribution, items: found, asOf: first['asOf'] ?? {} },
    `${LEVELS.map((name) => `${name} ${number(distribution[name] ?? 0)}`).join(' · ')}\n${boardTable(found)}`,
  );
  return EXIT.ok;
};

const boardTable = (found: readonly BoardItem[]): string =>
  table(
    ['CUSTOMER', 'SCORE', 'LEVEL', 'PUBLISHED', 'SIGNALS', 'LAST ORDER', 'CHURNED', 'OWNER'],
    found.map((item) => [
      ...[item.customerId, item.score, item.level, item.published],
      item.signals.map(({ code, severity }) => `${code}:${severity}`).join(' '),
      ...[item.lastOrderOn, item.churnedOn, item.ownerId],
    ]),
  );

type Signal = {
  readonly code: string;
  readonly severity: number;
  readonly weight: string;
  readonly contribution: number;
  readonly ageDays: number;
  readonly observed: unknown;
  readonly threshold: unknown;
  readonly evidence: readonly string[];
};

type Assessment = {
  readonly customerId: string;
  readonly businessDay: string | null;
  /** These three are null before the first closed day. */
  readonly rulesVersion: number | null;
  readonly score: number | null;
  readonly level: string | null;
  readonly published: { readonly level: string; readonly since: string | null };
  readonly churned: { readonly on: string; readonly eventId: string } | null;
  readonly signals: readonly Signal[];
  readonly protective: readonly {
    readonly code: string;
    readonly factor: string | number;
    readonly evidence: readonly string[];
  }[];
};

export const churnSignals = async (shell: Shell, _: object, text = ''): Promise<ExitCode> => {
  const id = await oneCustomer(shell, text);
  const { body } = await shell.get(READER, `/api/customers/${encodeURIComponent(id)}/churn`);
  shell.print(body, assessmentText(body as unknown as Assessment));
  return EXIT.ok;
};

const assessmentText = (assessment: Assessment): string => {
  const { customerId, score, level, published, churned, businessDay, rulesVersion } = assessment;
  const since = published.since === null ? '' : ` since ${published.since}`;
  const lost = churned === null ? '' : `, churned on ${churned.on} (${churned.eventId})`;
  const assessed =
    score === null || level === null || rulesVersion === null
      ? 'not assessed: no business day is closed yet'
      : `${level}, score ${number(score)} by rules version ${rulesVersion} on ${businessDay ?? '–'}`;
  return [
    `${customerId}  ${assessed}\n${''.padEnd(customerId.length)}  published ${published.level}${since}${lost}\n`,
    signalTable(assessment.signals),
    table(
      ['PROTECTS', 'FACTOR', 'EVIDENCE'],
      assessment.protective.map(({ code, factor, evidence }) => [code, String(factor), evidence.join(' ')]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
};

const signalTable = (signals: readonly Signal[]): string =>
  signals.length === 0
    ? 'no signal\n'
    : table(
        ['SIGNAL', 'SEVERITY', 'WEIGHT', 'ADDS', 'AGE D', 'OBSERVED', 'THRESHOLD', 'EVIDENCE'],
        signals.map((one) => [
          ...[one.code, one.severity, one.weight, one.contribution, one.ageDays],
          ...[plain(one.observed), plain(one.threshold), one.evidence.join(' ')],
        ]),
      );

/** `gapDays=120 p0=0.81`. */
const plain = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(
          ([name, inner]) => `${name}=${typeof inner === 'object' ? JSON.stringify(inner) : String(inner)}`,
        )
        .join(' ')
    : typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : '';
