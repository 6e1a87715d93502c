// `tenure`: what people and scripts do with a running server, from the command line.
import { run } from './run.ts';
import { realWorld } from './world.ts';

process.exitCode = await run(realWorld());
