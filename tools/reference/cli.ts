// docs/reference/cli.md: the command line as its own program describes it.
import { EXIT } from '../../packages/cli/src/exit-codes.ts';
import { program } from '../../packages/cli/src/program.ts';
import type { World } from '../../packages/cli/src/world.ts';

type Command = ReturnType<typeof program>;

const MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  failed: 'failed',
  usage: 'usage: words, options, a mapping or a request that cannot be read; a question that nobody answered',
  notFound: 'not found',
  notAllowed: 'not allowed',
  conflict: 'conflict, or already running',
  differences: 'differences were found (`verify`, `replay`, `schema check`)',
  lag: 'behind (`status --max-lag`)',
  timedOut: 'timed out; what was started goes on',
  interrupted: 'interrupted; what was started goes on',
};

/** A world in which nothing can be done: the verbs are only described. */
const nowhere: World = {
  args: [],
  env: {},
  cwd: '/',
  root: '/',
  out: () => {},
  err: () => {},
  terminal: { attended: false, columns: 80, colours: false },
  now: () => 0,
  sleep: async () => {},
  interruptible: () => new AbortController().signal,
  ask: async () => null,
};

/** The text of docs/reference/cli.md. */
export const cliReference = (): string => {
  const root = program(nowhere, () => {});
  return `${[HEAD, options('Options of every verb', root), ...leaves(root).map(verb)].join('\n\n')}\n`;
};

const HEAD = `# The command line

<!-- Generated from packages/cli/src/program by tools/generate.ts. -->

\`./tenure VERB\` works on a running server over its HTTP API. \`serve\`, \`token\`, \`doctor\` and \`schema\` work on this machine.

**Finding the server**: \`--url\` and \`--token\`, else \`TENURE_URL\` and \`TENURE_TOKEN\`, else the server that runs on \`--data\` (or
\`TENURE_DATA\`, else \`.data\` here, else \`.data\` of the installation). With the data directory at hand each verb signs a token for
itself, with the one role it needs, good for an hour.

**Output**: data on stdout, progress and questions on stderr. \`--json\` prints one object. Colours only on a terminal, and not with
\`NO_COLOR\`. Spans of time are written \`500ms\`, \`5s\`, \`15m\`, \`1h\`, \`7d\`.

**Exit codes**

| code | meaning |
|---|---|
${Object.entries(MEANING)
  .map(([name, meaning]) => `| ${EXIT[name as keyof typeof EXIT]} | ${meaning} |`)
  .join('\n')}`;

/** Commands without commands below them, in the order of the help. */
const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

const verb = (command: Command): string => {
  const words = command.registeredArguments.map((argument) => {
    const word = `${argument.name().toUpperCase()}${argument.variadic ? '…' : ''}`;
    return argument.required ? word : `[${word}]`;
  });
  const path = pathOf(command);
  const takesOptions = command.options.length > 0 ? ['[options]'] : [];
  const parts = [
    `## ${path}`,
    sentence(command.description()),
    ['```', ['./tenure', path, ...words, ...takesOptions].join(' '), '```'].join('\n'),
  ];
  const table = options('', command);
  return [...parts, ...(table === '' ? [] : [table])].join('\n\n');
};

const pathOf = (command: Command): string => {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
};

const options = (title: string, command: Command): string => {
  const rows = [
    ...command.registeredArguments
      .filter(({ description }) => description !== '')
      .map((word) => row(word.name().toUpperCase(), word.description)),
    ...command.options.map((option) =>
      row(option.flags, withDefault(option.description, option.defaultValue), option.mandatory),
    ),
  ];
  if (rows.length === 0) return '';
  return [...(title === '' ? [] : [`## ${title}`, '']), '| | |', '|---|---|', ...rows].join('\n');
};

const row = (name: string, about: string, required = false): string =>
  `| \`${name}\` | ${(required ? `${about} (required)` : about).replaceAll('|', '\\|')} |`;

const withDefault = (about: string, value: unknown): string =>
  typeof value === 'string' ? `${about} (default: ${value})` : about;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
