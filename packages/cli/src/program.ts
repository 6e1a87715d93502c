// The verbs and their options. Each verb's code is loaded when it is used: `--help` must be there at once.
import { Command, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { openShell, type GlobalOptions, type Shell } from './shell.ts';
import type { World } from './world.ts';
import { changingVerbs } from './program/changing.ts';
import { customerVerbs } from './program/customers.ts';
import { eventVerbs } from './program/events.ts';
import { importVerbs } from './program/importing.ts';
import { lookingVerbs } from './program/looking.ts';
import { localVerbs } from './program/local.ts';

/** Runs a verb in a shell; its number is the exit code. */
export type Verb<O extends object> = (shell: Shell, options: O, ...words: string[]) => Promise<ExitCode>;

/** Binds a verb to a command: commander's arguments become the verb's. */
export type Bind = <O extends object>(verb: () => Promise<Verb<O>>) => (...given: unknown[]) => Promise<void>;

const AFTER = `
Exit codes: 0 ok · 1 failed · 2 usage · 3 not found · 4 not allowed · 5 conflict or already running · 6 differences found
            7 behind (--max-lag) · 8 timed out · 130 interrupted
Data goes to stdout, progress and questions to stderr. A server is found by --url and --token, else by TENURE_URL and
TENURE_TOKEN, else it is the one that runs on --data.`;

/** `ended` takes the exit code of the verb that ran. */
export const program = (world: World, ended: (code: ExitCode) => void): Command => {
  const root = new Command('tenure')
    .description('Customers from the first lead to the last order: import, look, rebuild, repair.')
    .addOption(new Option('--data <dir>', 'data directory of the server (default: .data)'))
    .addOption(new Option('--url <url>', 'address of a server, instead of the one on --data'))
    .addOption(new Option('--token <token>', 'bearer token for it'))
    .option('--json', 'print one JSON object')
    .option('--dry-run', 'show what would be changed, and change nothing')
    .option('--yes', 'do what cannot be taken back without a question')
    .addHelpText('after', AFTER)
    .showHelpAfterError('("tenure --help" lists the verbs, "tenure VERB --help" its options)')
    .configureOutput({ writeOut: world.out, writeErr: world.err })
    .exitOverride();
  const bind: Bind =
    (verb) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const words = given.slice(0, -2).filter((word) => typeof word === 'string');
      const shell = openShell(world, command.optsWithGlobals<GlobalOptions>());
      ended(await (await verb())(shell, command.opts(), ...words));
    };
  for (const add of [localVerbs, importVerbs, lookingVerbs, customerVerbs, eventVerbs, changingVerbs])
    add(root, bind);
  return root;
};
