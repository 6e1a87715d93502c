// Generates everything that follows from schemas/ (types, compiled schemas, the lock, the event catalogue) and from the
// command line (its reference). `--check` writes nothing and fails when a generated file is stale or a schema breaks a rule.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSchemas, generateSchemas, problemText } from '../packages/events/src/compiler/index.ts';
import { cliReference } from './reference/cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const report = check ? checkSchemas(root) : generateSchemas(root);
const stale = [...report.changed, ...staleReference()];

/** The reference of the command line, written anew unless this is a check. */
function staleReference(): readonly string[] {
  const name = 'docs/reference/cli.md';
  const file = join(root, name);
  const text = cliReference();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return [];
  if (!check) writeFileSync(file, text);
  return [name];
}

for (const problem of report.problems) console.error(problemText(problem));
for (const { id, subject, version } of check ? [] : report.published)
  console.error(`published ${subject} version ${version} as id ${id}`);
for (const file of stale) console.error(check ? `${file} is stale` : `wrote ${file}`);

if (report.problems.length > 0) {
  console.error(`${report.problems.length} problem(s) in the schemas; nothing was written.`);
  process.exitCode = 1;
} else if (check && stale.length > 0) {
  console.error('Generated files are stale: run `node tools/generate.ts` and commit what it writes.');
  process.exitCode = 1;
} else console.error(`${report.events} events, ${report.schemas} published schemas`);
