// What a verb works with: the world, the options that every verb has, and how it prints.
import { TenureError } from '@tenure/core';
import { call, type Answer } from './api.ts';
import { findServer, type ServerOptions } from './server.ts';
import type { World } from './world.ts';

export type GlobalOptions = ServerOptions & {
  readonly json?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
};

export type Shell = {
  readonly world: World;
  readonly options: GlobalOptions;
  /** The result: one JSON object with --json, else the text for people. */
  readonly print: (value: object, text: string) => void;
  /** A word on stderr. */
  readonly say: (text: string) => void;
  readonly get: (role: string, path: string) => Promise<Answer>;
  /** A request that changes something; with --dry-run it is only shown, and the answer is null. */
  readonly change: (role: string, path: string, body?: object) => Promise<Answer | null>;
};

export const openShell = (world: World, options: GlobalOptions): Shell => {
  const print = (value: object, text: string): void =>
    world.out(options.json === true ? `${JSON.stringify(value)}\n` : text);
  return {
    world,
    options,
    print,
    say: (text) => world.err(`${text}\n`),
    get: async (role, path) => call(await findServer(world, options, role), 'GET', path),
    change: async (role, path, body) => {
      if (options.dryRun !== true)
        return call(await findServer(world, options, role), 'POST', path, body ?? {});
      const request = { method: 'POST', path, body: body ?? {} };
      print({ dryRun: true, request }, `would send POST ${path} ${JSON.stringify(request.body)}\n`);
      return null;
    },
  };
};

/** Asks before something that cannot be taken back: `--yes`, or the name typed on a terminal. @throws CONFIRMATION_NEEDED */
export const confirm = async ({ world, options }: Shell, what: string, name: string): Promise<void> => {
  if (options.yes === true || options.dryRun === true) return;
  const typed = await world.ask(`${what} This cannot be taken back. Type ${name} to go on: `);
  if (typed?.trim() !== name)
    throw new TenureError(
      'CONFIRMATION_NEEDED',
      `${what} Nothing was done. Add --yes to do it without a question.`,
    );
};
