// Verbs that only look.
import type { Command } from 'commander';
import type { Bind } from '../program.ts';

export const lookingVerbs = (root: Command, bind: Bind): void => {
  root
    .command('status')
    .description('services, stores, log and projections at a glance')
    .option('--max-lag <span>', 'exit with 7 when a projection is further behind: 5s')
    .action(bind(async () => (await import('../verbs/status.ts')).status));

  root
    .command('projections')
    .description('generations, state, lag, parked customers, last replay')
    .argument('[name]', 'one projection')
    .action(bind(async () => (await import('../verbs/projections.ts')).projections));

  root
    .command('verify')
    .description('fold documents anew from the log and compare; exit 6 names what differs')
    .argument('<name>', 'the projection')
    .option('--full', 'all documents (default: a sample)')
    .option('--key <id...>', 'these customers')
    .option('--detach', 'print the id and do not wait')
    .action(bind(async () => (await import('../verbs/verify.ts')).verify));

  root
    .command('walk')
    .description('one customer through all stages, step by step, on a server of its own (or on --url)')
    .action(bind(async () => (await import('../verbs/walk.ts')).walk));

  for (const [name, about] of [
    ['jobs', 'replays, swaps and imports, newest first'],
    ['audit', 'who was refused, who saw personal data, who did what; newest first'],
  ] as const)
    root
      .command(name)
      .description(about)
      .option('--limit <n>', 'how many', '50')
      .action(bind(async () => (await import('../verbs/pages.ts'))[name]));
};
