// Verbs about the log: watching it, and one event of it.
import type { Command } from 'commander';
import type { Bind } from '../program.ts';

export const eventVerbs = (root: Command, bind: Bind): void => {
  const events = root
    .command('events')
    .description('the events of all services; personal values stay closed');
  events
    .command('tail')
    .description('as they come into the log, until Ctrl-C')
    .option('--source <sources>', 'of these services: order,service')
    .option('--type <types>', 'of these types: OrderPlaced,CaseOpened')
    .option('--key <id>', 'of this customer')
    .option(
      '--from <time>',
      'begin with those recorded since: 2026-11-21 (00:00 UTC), -2h, 2026-11-21T09:00:00Z',
    )
    .option('--limit <n>', 'end after so many')
    .option('--ndjson', 'print an object per line (--json does the same here)')
    .action(bind(async () => (await import('../verbs/events.ts')).tailEvents));
  events
    .command('show')
    .description('everything about one event')
    .argument('<event>', 'its id, or source:position')
    .option('--key <id>', 'its customer: finds an old one quickly')
    .action(bind(async () => (await import('../verbs/events.ts')).showEvent));
};
