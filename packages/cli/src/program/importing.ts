// Bringing in files.
import type { Command } from 'commander';
import type { Bind } from '../program.ts';

export const importVerbs = (root: Command, bind: Bind): void => {
  root
    .command('import')
    .description('bring in a file')
    .command('orders')
    .description('purchases: each row an order; a second run changes nothing, a broken one is run again')
    .argument('<file>', 'the file')
    .requiredOption('--mapping <name>', 'what the columns mean: a shipped name, or a .json file')
    .option('--with-reactions', 'let reactions see the orders as if they happened now')
    .option('--report <file>', 'where refused rows go (default: FILE.refused.csv; none without such rows)')
    .action(bind(async () => (await import('../verbs/import.ts')).importOrders));
};
