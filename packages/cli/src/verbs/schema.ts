// `tenure schema check|generate`: the only verbs that work on the sources.
import type { SchemaReport } from '@tenure/events/compiler';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count } from '../format.ts';
import type { Shell } from '../shell.ts';

export const checkSchema = async (shell: Shell): Promise<ExitCode> => {
  const { checkSchemas } = await import('@tenure/events/compiler');
  const report = checkSchemas(shell.world.root);
  await told(shell, report);
  for (const file of report.changed) shell.say(`${file} is stale`);
  if (report.changed.length > 0) shell.say('Run "tenure schema generate" and commit what it writes.');
  return report.problems.length + report.changed.length > 0 ? EXIT.differences : EXIT.ok;
};

export const generateSchema = async (shell: Shell): Promise<ExitCode> => {
  if (shell.options.dryRun === true) return checkSchema(shell);
  const { generateSchemas } = await import('@tenure/events/compiler');
  const report = generateSchemas(shell.world.root);
  await told(shell, report);
  for (const { id, subject, version } of report.published)
    shell.say(`published ${subject} version ${version} as id ${id}`);
  for (const file of report.changed) shell.say(`wrote ${file}`);
  if (report.problems.length > 0) shell.say('Nothing was written.');
  return report.problems.length > 0 ? EXIT.failed : EXIT.ok;
};

const told = async (shell: Shell, report: SchemaReport): Promise<void> => {
  const { problemText } = await import('@tenure/events/compiler');
  const { events, schemas, changed } = report;
  const problems = report.problems.map(problemText);
  for (const problem of problems) shell.say(problem);
  shell.print(
    { events, schemas, changed, problems },
    `${count(events, 'event')}, ${count(schemas, 'published schema')}, ${count(problems.length, 'problem')}\n`,
  );
};
