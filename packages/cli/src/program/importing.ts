// Bringing in files.
import type { Kind } from '@tenure/service-kit/import';
import type { Command } from 'commander';
import type { Bind } from '../program.ts';

/** What a row of each kind of file becomes. */
const KINDS: Readonly<Record<Kind, string>> = {
  orders: 'purchases: each row an order',
  customers: 'each row a customer with contact points, consents, owner',
  leads: 'each row a lead, as far as it has come',
  cases: 'each row a case, as far as it has come',
  loyalty: 'each row a member of a programme with the points that were there',
};

export const importVerbs = (root: Command, bind: Bind): void => {
  const verb = root
    .command('import')
    .description('bring in a file; a second run changes nothing, a broken one is run again');
  for (const kind of Object.keys(KINDS) as Kind[])
    verb
      .command(kind)
      .description(KINDS[kind])
      .argument('<file>', 'the file')
      .requiredOption('--mapping <name>', 'what the columns mean: a shipped name, or a .json file')
      .option('--with-reactions', 'let reactions see it as if it happened now')
      .option('--report <file>', 'where refused rows go (default: FILE.refused.csv; none without such rows)')
      .action(bind(async () => (await import('../verbs/import.ts')).importOf(kind)));
};
