// `tenure replay activate`, `rollback` and `retire`: which generation is served.
import { TenureError } from '@tenure/core';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { confirm, type Shell } from '../shell.ts';
import { wholeNumber } from '../words.ts';
import { generationsOf, type Generation } from './projections.ts';

type Options = { readonly generation?: string };

/** Serves the newest verified generation that is not served yet. */
export const activate = async (shell: Shell, options: Options, name = ''): Promise<ExitCode> =>
  switchTo(shell, 'activate', name, await chosen(shell, options, name, newestVerified));

export const rollback = async (shell: Shell, options: Options, name = ''): Promise<ExitCode> =>
  switchTo(
    shell,
    'rollback',
    name,
    await chosen(shell, options, name, (all) => all.findLast(({ state }) => state === 'standby')),
  );

export const retire = async (shell: Shell, options: Options, name = ''): Promise<ExitCode> => {
  if (options.generation === undefined)
    throw new TenureError('USAGE', 'Say which one with --generation N ("tenure replay status" lists them).');
  const generation = wholeNumber(options.generation, '--generation');
  await confirm(shell, `Generation ${generation} of ${name} will be removed.`, name);
  const answer = await shell.change('ops', pathOf(name, generation, 'retire'));
  if (answer !== null)
    shell.print({ projection: name, generation, state: 'retired' }, `generation ${generation} is removed\n`);
  return EXIT.ok;
};

const newestVerified = (all: readonly Generation[]): Generation | undefined =>
  all
    .filter(({ state, verified }) => state === 'verifying' && verified?.differences === 0)
    .toSorted((a, b) => b.generation - a.generation)[0];

const chosen = async (
  shell: Shell,
  options: Options,
  name: string,
  pick: (all: readonly Generation[]) => Generation | undefined,
): Promise<number> => {
  if (options.generation !== undefined) return wholeNumber(options.generation, '--generation');
  const found = pick(await generationsOf(shell, name));
  if (found === undefined)
    throw new TenureError(
      'ILLEGAL_STATE',
      `${name} has no generation that could be served. "tenure replay status ${name}" shows what there is; "tenure replay start ${name}" builds one.`,
      { status: 409 },
    );
  return found.generation;
};

const pathOf = (name: string, generation: number, verb: string): string =>
  `/ops/generations/${encodeURIComponent(name)}/${generation}/${verb}`;

const switchTo = async (
  shell: Shell,
  verb: 'activate' | 'rollback',
  name: string,
  generation: number,
): Promise<ExitCode> => {
  const answer = await shell.change('ops', pathOf(name, generation, verb));
  if (answer !== null) shell.print(answer.body, `generation ${generation} of ${name} is served now\n`);
  return EXIT.ok;
};
