// Verbs about customers: finding one, the whole of one, what happened, who may leave.
import type { Command } from 'commander';
import type { Bind } from '../program.ts';

export const customerVerbs = (root: Command, bind: Bind): void => {
  const customer = root.command('customer').description('find a customer, look at everything about one');
  customer
    .command('find')
    .description('by external id (system:id), e-mail, phone, name or id; each matches as a whole')
    .argument('<text>', 'what to look for')
    .option('--limit <n>', 'how many', '50')
    .action(bind(async () => (await import('../verbs/customer.ts')).findCustomer));
  customer
    .command('show')
    .description('one page: who it is, value, what is open, churn, next actions')
    .argument('<customer>', 'the id, or what "customer find" finds one by')
    .action(bind(async () => (await import('../verbs/customer.ts')).showCustomer));
  customer
    .command('timeline')
    .description('every event about one, newest first')
    .argument('<customer>', 'the id, or what "customer find" finds one by')
    .option('--source <sources>', 'of these services: order,service')
    .option('--type <types>', 'of these types: OrderPlaced,CaseOpened')
    .option('--from <time>', 'not before: 2026-11-21 (00:00 UTC), -2d, 2026-11-21T09:00:00Z')
    .option('--to <time>', 'before')
    .option('--limit <n>', 'how many', '50')
    .action(bind(async () => (await import('../verbs/customer.ts')).timeline));
  churnVerbs(root, bind);
};

const churnVerbs = (root: Command, bind: Bind): void => {
  const churn = root.command('churn').description('who may leave, and why');
  churn
    .command('board')
    .description('how many customers at each level, and who they are; the highest score first')
    .option('--level <levels>', 'LOW, MEDIUM, HIGH, CRITICAL')
    .option('--signal <codes>', 'with one of these signals: PURCHASE_GAP')
    .option('--owner <id>', 'of this owner')
    .option('--sort <field>', 'another order', '-score')
    .option('--limit <n>', 'how many', '50')
    .action(bind(async () => (await import('../verbs/churn.ts')).churnBoard));
  churn
    .command('signals')
    .description('the signals of one customer, with what they add and the events behind them')
    .argument('<customer>', 'the id, or what "customer find" finds one by')
    .action(bind(async () => (await import('../verbs/churn.ts')).churnSignals));
};
