// Verbs that change what is served: replays, repairs, the clock.
import type { Command } from 'commander';
import type { Bind } from '../program.ts';

export const changingVerbs = (root: Command, bind: Bind): void => {
  replayVerbs(root, bind);
  parkedVerbs(root, bind);

  root
    .command('heal')
    .description('write documents anew from the log')
    .argument('<name>', 'the projection')
    .option('--key <id...>', 'these customers')
    .option('--keys-file <file>', 'a customer id per line')
    .action(bind(async () => (await import('../verbs/heal.ts')).heal));

  const clock = root.command('clock').description('where the clock stands; closes days where it is settable');
  clock
    .command('show', { isDefault: true })
    .description('where it stands')
    .action(bind(async () => (await import('../verbs/clock.ts')).showClock));
  clock
    .command('close')
    .description('close business days up to a date')
    .argument('<date>', 'YYYY-MM-DD')
    .action(bind(async () => (await import('../verbs/clock.ts')).closeDays));
};

const replayVerbs = (root: Command, bind: Bind): void => {
  const replay = root.command('replay').description('rebuild a projection from the log, without downtime');
  replay
    .command('start')
    .description('build a new generation, let it catch up, verify it')
    .argument('<name>', 'the projection')
    .option('--activate', 'serve it when it is verified')
    .option('--wait', 'wait for the end (default on a terminal)')
    .option('--detach', 'print the id and do not wait')
    .option('--timeout <span>', 'wait no longer; it goes on without you')
    .action(bind(async () => (await import('../verbs/replay.ts')).startReplay));
  replay
    .command('status')
    .description('its replays and generations')
    .argument('<name>', 'the projection')
    .option('--generation <n>', 'one generation')
    .option('--wait', 'wait for the end of the newest replay')
    .action(bind(async () => (await import('../verbs/replay.ts')).replayStatus));
  for (const [verb, about] of [
    ['activate', 'serve a verified generation (default: the newest one)'],
    ['rollback', 'serve the standby generation again'],
    ['retire', 'remove a generation that is not served'],
  ] as const)
    replay
      .command(verb)
      .description(about)
      .argument('<name>', 'the projection')
      .option('--generation <n>', 'which generation')
      .action(bind(async () => (await import('../verbs/generations.ts'))[verb]));
};

const parkedVerbs = (root: Command, bind: Bind): void => {
  const parked = root
    .command('parked')
    .description('customers that stand still because an event could not be folded');
  parked
    .command('list')
    .description('who is parked, and why')
    .argument('[name]', 'one projection')
    .option('--class <class>', 'this kind of failure')
    .option('--key <id>', 'this customer')
    .action(bind(async () => (await import('../verbs/parked.ts')).listParked));
  parked
    .command('show')
    .description('everything about one of them')
    .argument('<name>', 'the projection')
    .requiredOption('--key <id>', 'the customer')
    .action(bind(async () => (await import('../verbs/parked.ts')).showParked));
  parked
    .command('retry')
    .description('fold them again: one, a class, or all')
    .argument('<name>', 'the projection')
    .option('--class <class>', 'this kind of failure')
    .option('--key <id>', 'this customer')
    .action(bind(async () => (await import('../verbs/parked.ts')).retryParked));
  parked
    .command('skip')
    .description('release one without the event that cannot be folded')
    .argument('<name>', 'the projection')
    .requiredOption('--key <id>', 'the customer')
    .requiredOption('--reason <text>', 'why: it is kept in the audit')
    .action(bind(async () => (await import('../verbs/parked.ts')).skipParked));
};
