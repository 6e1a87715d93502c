// `npm run backtest:cdnow -- --at 1997-12-31 --horizon 181`: the churn rules on real purchases, against plain counting of days.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isDate } from '../../packages/core/src/index.ts';
import { ChurnRules } from '../../services/churn/src/rules.ts';
import { bgNbdOf } from './bg-nbd.ts';
import { candidatesOf } from './candidates.ts';
import { figuresOf, type Figures } from './figures.ts';
import { purchaseDays } from './purchases.ts';

const HERE = import.meta.dirname;
const ROOT = dirname(dirname(HERE));
const POLICIES = join(ROOT, 'services/churn/policies/rules.v*.json');

const USAGE = `usage: npm run backtest:cdnow -- [--at YYYY-MM-DD] [--horizon DAYS] [--json] [--file PATH] [--parameters FILE.json]
--at          the rules know nothing later than this date (1997-12-31)
--horizon     days after it that show who came back (181)
--file        CDNOW_master.txt or a file like it (../shared/data/CDNOW_master.txt beside the repository)
--parameters  BG/NBD parameters in weeks: {"model": "bg-nbd", "unit": "weeks", "r", "alpha", "a", "b"} (the published ones)`;

const options = {
  at: { type: 'string', default: '1997-12-31' },
  horizon: { type: 'string', default: '181' },
  json: { type: 'boolean', default: false },
  file: { type: 'string', default: join(ROOT, '../shared/data/CDNOW_master.txt') },
  parameters: { type: 'string', default: join(HERE, 'published-parameters.json') },
  help: { type: 'boolean', default: false },
} as const;

/** Says what is wrong and how it is called; exit code 2 as for any wrong call. */
const refuse = (problem: string): never => {
  console.error(`backtest:cdnow: ${problem}\n${USAGE}`);
  process.exit(2);
};

const read = (path: string, what: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8') : refuse(`there is no ${what} at ${path}`);

const parsed = <T>(text: string, check: (value: unknown) => T, what: string): T => {
  try {
    return check(JSON.parse(text));
  } catch (error) {
    return refuse(
      `${what} is not what it should be: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
};

/** The newest version of the rules. */
const shippedRules = (): ChurnRules =>
  globSync(POLICIES)
    .map((file) => parsed(read(file, 'policy'), (value) => ChurnRules.parse(value), 'the policy'))
    .toSorted((a, b) => b.version - a.version)[0] ?? refuse(`there are no rules at ${POLICIES}`);

const percent = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
const decimal = (value: number | null, places: number): string =>
  value === null ? '–' : value.toFixed(places);

const tableOf = ({ customers, base, rules, auc }: Figures): string => {
  const rows = rules.map(({ rule, flagged, precision, recall, lift }) =>
    [
      rule.padEnd(16),
      String(flagged).padStart(8),
      percent(precision).padStart(11),
      percent(recall).padStart(9),
      decimal(lift, 2).padStart(6),
    ].join(''),
  );
  return [
    `${customers} customers with three order days or more, ${percent(base)} of them did not come back`,
    '',
    `${'rule'.padEnd(16)}${'flagged'.padStart(8)}${'precision'.padStart(11)}${'recall'.padStart(9)}${'lift'.padStart(6)}`,
    ...rows,
    '',
    'area under the curve of each ranking',
    ...Object.entries(auc).map(([name, value]) => `${name.padEnd(16)}${decimal(value, 4)}`),
  ].join('\n');
};

const main = (): void => {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(USAGE);
  const horizon = Number(values.horizon);
  if (!isDate(values.at)) refuse('--at must be a date such as 1997-12-31');
  if (!Number.isInteger(horizon) || horizon < 1) refuse('--horizon must be a whole number of days');
  const purchases = purchaseDays(read(resolve(values.file), 'file of purchases'));
  const figures = figuresOf(
    candidatesOf(purchases, {
      at: values.at,
      horizon,
      rules: shippedRules(),
      model: parsed(
        read(resolve(values.parameters), 'file of parameters'),
        bgNbdOf,
        'the file of parameters',
      ),
    }),
  );
  console.log(values.json ? JSON.stringify(figures, null, 2) : tableOf(figures));
};

main();
