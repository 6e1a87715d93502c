// Verbs that work on this machine: on a data directory, on the sources.
import type { Command } from 'commander';
import type { Bind } from '../program.ts';

export const localVerbs = (root: Command, bind: Bind): void => {
  root
    .command('serve')
    .description('run all services in one process; Ctrl-C stops it cleanly')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one (default: 7400)')
    .option('--empty', 'start without the demo company')
    .option('--settable-clock', 'business days are closed by command')
    .option('--policies <dir>', 'policies of this company, over the shipped ones')
    .option('--mode <mode>', 'embedded')
    .option('--faults <file>', 'break things on purpose (needs TENURE_ALLOW_FAULTS=1)')
    .action(bind(async () => (await import('../verbs/serve.ts')).serve));

  root
    .command('token')
    .description('print a bearer token, signed with the secret of the data directory')
    .argument('<role>', 'agent, supervisor, service:NAME, import, ops, ops-approver, bi-reader, bi-pii, …')
    .option('--ttl <span>', 'how long it holds: 15m, 1h, 7d', '1h')
    .option('--agent <id>', 'whom it stands for')
    .option('--teams <teams>', 'the teams of the agent: T1,T2')
    .option('--sub <name>', 'the principal of Idempotency-Keys (default: agent, role of a machine, or you)')
    .option('--purpose <text>', 'what personal data is read for (role bi-pii)')
    .action(bind(async () => (await import('../verbs/token.ts')).token));

  root
    .command('doctor')
    .description('check configuration, permissions, disk, port, Node and server; say how to mend')
    .option('--port <port>', 'port to look at when no server runs (default: 7400)')
    .action(bind(async () => (await import('../verbs/doctor.ts')).doctor));

  const schema = root.command('schema').description('event schemas in schemas/');
  schema
    .command('check')
    .description('rules, compatibility with every earlier version, generated files')
    .action(bind(async () => (await import('../verbs/schema.ts')).checkSchema));
  schema
    .command('generate')
    .description('write types, compiled schemas, the lock and the event catalogue')
    .action(bind(async () => (await import('../verbs/schema.ts')).generateSchema));
};
