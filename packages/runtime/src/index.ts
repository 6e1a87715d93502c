export { readConfiguration, type Configuration } from './configuration.ts';
export { openSecrets, runningServer, type Secrets } from './data-directory.ts';
export { runMain } from './main.ts';
export type { Platform, RouteParts } from './platform.ts';
export type { RunningServer, ServerParts } from './server.ts';
