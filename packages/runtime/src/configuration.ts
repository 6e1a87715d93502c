// How a server is configured: flags first, then the environment, then what a laptop wants.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TenureError } from '@tenure/core';
import { z } from 'zod';

const usage = `usage: serve [--port 7400] [--data .data] [--empty] [--settable-clock] [--policies DIR] [--faults FILE.json]
Every flag has a variable: TENURE_PORT, TENURE_DATA, TENURE_EMPTY, TENURE_SETTABLE_CLOCK, TENURE_POLICIES, TENURE_FAULTS.
Adapters by URL: TENURE_EVENT_STORE=sqlite:DIR, TENURE_EVENT_LOG=segments:DIR, TENURE_READ_MODELS=sqlite:DIR, TENURE_KEY_STORE=sqlite:DIR.`;

const flags = {
  port: { type: 'string' },
  data: { type: 'string' },
  mode: { type: 'string' },
  empty: { type: 'boolean' },
  'settable-clock': { type: 'boolean' },
  policies: { type: 'string' },
  faults: { type: 'string' },
} as const;

const Port = z.coerce.number().int().min(0).max(65_535);
const Switch = z.union([
  z.boolean(),
  z.enum(['1', 'true', '0', 'false', '']).transform((text) => text === '1' || text === 'true'),
]);
const adapter = (scheme: string) =>
  z
    .string()
    .regex(new RegExp(`^${scheme}:.+`), `must be ${scheme}:PATH; this installation has no other adapter`);

const Settings = z.strictObject({
  /** 0 takes a free port. */
  port: Port.default(7400),
  data: z.string().min(1).default('.data'),
  mode: z
    .literal('embedded', 'must be embedded: this version runs all services in one process')
    .default('embedded'),
  empty: Switch.default(false),
  settableClock: Switch.default(false),
  policies: z.string().min(1).optional(),
  faults: z.string().min(1).optional(),
  faultsAllowed: Switch.default(false),
  /** Where the event stores run: `worker` keeps flushes away from the thread that answers HTTP. */
  storePlacement: z.enum(['main', 'worker']).default('worker'),
  /** Lanes per topic; fixed when a data directory is created, 16 unless said otherwise. */
  partitions: z.coerce.number().int().min(1).max(1024).optional(),
  eventStore: adapter('sqlite').optional(),
  eventLog: adapter('segments').optional(),
  readModels: adapter('sqlite').optional(),
  keyStore: adapter('sqlite').optional(),
});

/** A complete configuration. Folders are absolute. */
export type Configuration = Omit<
  z.infer<typeof Settings>,
  'eventStore' | 'eventLog' | 'readModels' | 'keyStore'
> & {
  readonly folders: {
    readonly events: string;
    readonly log: string;
    readonly models: string;
    readonly keys: string;
  };
};

/** @throws CONFIGURATION_INVALID with every setting that is wrong and the usage */
export const readConfiguration = (args: readonly string[], env: NodeJS.ProcessEnv): Configuration => {
  const given = parseFlags(args);
  const parsed = Settings.safeParse(
    defined({
      port: given.port ?? env['TENURE_PORT'],
      data: given.data ?? env['TENURE_DATA'],
      mode: given.mode ?? env['TENURE_MODE'],
      empty: given.empty ?? env['TENURE_EMPTY'],
      settableClock: given['settable-clock'] ?? env['TENURE_SETTABLE_CLOCK'],
      policies: given.policies ?? env['TENURE_POLICIES'],
      faults: given.faults ?? env['TENURE_FAULTS'],
      faultsAllowed: env['TENURE_ALLOW_FAULTS'],
      storePlacement: env['TENURE_STORE_PLACEMENT'],
      partitions: env['TENURE_PARTITIONS'],
      eventStore: env['TENURE_EVENT_STORE'],
      eventLog: env['TENURE_EVENT_LOG'],
      readModels: env['TENURE_READ_MODELS'],
      keyStore: env['TENURE_KEY_STORE'],
    }),
  );
  if (!parsed.success)
    throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  return complete(parsed.data);
};

const parseFlags = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw invalid([error instanceof Error ? error.message : String(error)]);
  }
};

const complete = (settings: z.infer<typeof Settings>): Configuration => {
  const { eventStore, eventLog, readModels, keyStore, ...rest } = settings;
  if (rest.faults !== undefined && !rest.faultsAllowed)
    throw invalid(['faults: refused unless TENURE_ALLOW_FAULTS=1, since it breaks things on purpose']);
  const data = resolve(rest.data);
  const folder = (url: string | undefined, name: string): string =>
    url === undefined ? resolve(data, name) : resolve(url.slice(url.indexOf(':') + 1));
  return {
    ...rest,
    data,
    folders: {
      events: folder(eventStore, 'events'),
      log: folder(eventLog, 'log'),
      models: folder(readModels, 'models'),
      keys: folder(keyStore, 'keys'),
    },
  };
};

const defined = (values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const invalid = (problems: readonly string[]): TenureError =>
  new TenureError(
    'CONFIGURATION_INVALID',
    `The configuration cannot be used:\n  ${problems.join('\n  ')}\n${usage}`,
  );
