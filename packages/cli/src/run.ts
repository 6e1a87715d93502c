// One command from its words to its exit code.
import { isTenureError } from '@tenure/core';
import { CommanderError } from 'commander';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.ts';
import { program } from './program.ts';
import type { World } from './world.ts';

/** Never rejects: what goes wrong is told on stderr and in the exit code. */
export const run = async (world: World): Promise<ExitCode> => {
  let code: ExitCode = EXIT.ok;
  try {
    await program(world, (ended) => {
      code = ended;
    }).parseAsync([...world.args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // commander has told why
    world.err(`${told(error)}\n`);
    return exitCodeOf(error);
  }
};

const told = (error: unknown): string => {
  if (isTenureError(error)) return `${error.code}: ${error.message}${faults(error.data['errors'])}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

/** The single faults of a request that the server could not read. */
const faults = (errors: unknown): string =>
  Array.isArray(errors)
    ? errors
        .map(
          (fault: { readonly path?: unknown; readonly message?: unknown }) =>
            `\n  ${String(fault.path)} ${String(fault.message)}`,
        )
        .join('')
    : '';
