// Where every worker thread begins: faults first, then the module that does its work, so that all it loads has them.
import { workerData } from 'node:worker_threads';
import { installFaults, type Fault } from './faults.ts';

const { entry, faults } = workerData as { readonly entry: string; readonly faults: readonly Fault[] };

installFaults(faults);
await import(entry);
