// The main program of a server: configuration, start, a word to whoever started it, a clean end.
import { readFileSync } from 'node:fs';
import { isTenureError } from '@tenure/core';
import { readConfiguration } from './configuration.ts';
import { installFaults, readFaults } from './faults.ts';
import type { Platform } from './platform.ts';

/** Exit codes as in the command line: 2 for what the caller must change, 1 for the rest. */
const USAGE = 2;
const FAILED = 1;

const version = (): string => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
};

/** Runs until SIGTERM or SIGINT. `platformModule`: URL of the module that exports `platform`. */
export const runMain = async (platformModule: string): Promise<void> => {
  try {
    const configuration = readConfiguration(process.argv.slice(2), process.env);
    const faults = configuration.faults === undefined ? [] : readFaults(configuration.faults);
    installFaults(faults);
    const { platform } = (await import(platformModule)) as { readonly platform: Platform };
    const { startServer } = await import('./server.ts'); // after the faults, so that it has them
    const server = await startServer({ platform, platformModule, configuration, version: version(), faults });
    stopOnSignal(server.stop);
    console.log(welcome(server.url, configuration.data));
  } catch (error) {
    console.error(isTenureError(error) ? `${error.code}: ${error.message}` : error);
    process.exit(isTenureError(error, 'CONFIGURATION_INVALID') ? USAGE : FAILED);
  }
};

const stopOnSignal = (stop: () => Promise<void>): void => {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return; // a terminal and a supervisor may both signal
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(FAILED);
        },
      );
    });
};

const welcome = (url: string, data: string): string =>
  `Tenure runs at ${url}
  data and credentials  ${data}
  interface             ${url}/docs
Try next, in another terminal:
  ./tenure import orders FILE --mapping NAME     bring in a file of purchases
  ./tenure status                                how everything stands
  ./tenure replay start customer-360 --activate  rebuild the 360 view, without downtime
Ctrl-C stops it cleanly.`;
