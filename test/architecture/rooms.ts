// The rooms of the house and who may enter them (ARCHITECTURE.md): the arrows, as data.

/** What each package may import of the workspace, beside itself. Tests may also import `testing` and anything they test. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  telemetry: [],
  keys: ['core', 'telemetry'],
  events: ['core', 'telemetry', 'keys'],
  'event-store': ['core', 'telemetry'],
  'event-log': ['core', 'telemetry', 'event-store'],
  'read-models': ['core', 'telemetry'],
  projections: ['core', 'telemetry', 'events', 'keys', 'event-store', 'event-log', 'read-models'],
  'service-kit': [
    'core',
    'telemetry',
    'events',
    'keys',
    'event-store',
    'event-log',
    'read-models',
    'projections',
  ],
  http: [
    'core',
    'telemetry',
    'events',
    'keys',
    'event-store',
    'event-log',
    'read-models',
    'projections',
    'service-kit',
  ],
  runtime: [
    'core',
    'telemetry',
    'events',
    'keys',
    'event-store',
    'event-log',
    'read-models',
    'projections',
    'service-kit',
    'http',
  ],
  cli: ['core', 'events', 'service-kit', 'http'],
};

/** What a service may import; its `main.ts` also starts the runtime, `platform` also lists the services. */
export const servicesMayImport = [
  'core',
  'telemetry',
  'keys',
  'events',
  'event-store',
  'event-log',
  'read-models',
  'projections',
  'service-kit',
  'http',
];

/** Adapters and placements inside a package: only `runtime`, `cli` (schema work) and tests open these doors. */
export const adapterDoors = [
  '@tenure/keys/sqlite',
  '@tenure/event-store/sqlite',
  '@tenure/event-store/worker',
  '@tenure/event-log/segments',
  '@tenure/read-models/sqlite',
  '@tenure/events/compiler',
];

/** Drivers, and the only folders that may import them. */
export const drivers: Readonly<Record<string, readonly string[]>> = {
  'node:sqlite': [
    'packages/event-store/src/sqlite',
    'packages/read-models/src/sqlite',
    'packages/keys/src/sqlite',
  ],
  avsc: ['packages/events/src'],
  express: ['packages/http/src'],
  'express-rate-limit': ['packages/http/src'],
  helmet: ['packages/http/src'],
  '@opentelemetry/api': ['packages/telemetry/src'],
  '@opentelemetry/sdk-metrics': ['packages/telemetry/src'],
  '@opentelemetry/exporter-prometheus': ['packages/telemetry/src'],
};

/** What would make a fold or a decision depend on when or where it runs. */
export const impure =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bsetTimeout\b|\bsetInterval\b|\brandomUUID\b|\bperformance\.now\b/;

/** Files of a service that talk to the outside: the only ones exempt from purity. */
export const edgeFiles = /(^|\/)(main|routes|server)\.ts$|\/routes\//;
