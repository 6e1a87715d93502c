// Generates everything that follows from schemas/: types, compiled schemas, the lock, the event catalogue.
// `--check` writes nothing and fails when a generated file is stale or a schema breaks a rule.
import { fileURLToPath } from 'node:url';
import { checkSchemas, generateSchemas, problemText } from '../packages/events/src/compiler/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const report = check ? checkSchemas(root) : generateSchemas(root);

for (const problem of report.problems) console.error(problemText(problem));
for (const { id, subject, version } of check ? [] : report.published)
  console.error(`published ${subject} version ${version} as id ${id}`);
for (const file of report.changed) console.error(check ? `${file} is stale` : `wrote ${file}`);

if (report.problems.length > 0) {
  console.error(`${report.problems.length} problem(s) in the schemas; nothing was written.`);
  process.exitCode = 1;
} else if (check && report.changed.length > 0) {
  console.error('Generated files are stale: run `node tools/generate.ts` and commit what it writes.');
  process.exitCode = 1;
} else console.error(`${report.events} events, ${report.schemas} published schemas`);
