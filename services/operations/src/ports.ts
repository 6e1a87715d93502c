// What the routes under /ops work with: the process, its business days, and the ledger of what is done to it.
import type { ProcessPorts } from '@tenure/http';
import type { BusinessClock } from './business-clock.ts';
import type { Ledger } from './ledger.ts';

export type OperationsPorts = Pick<
  ProcessPorts,
  'version' | 'control' | 'heads' | 'eventCounts' | 'readiness' | 'processes' | 'wallClock'
> & {
  /** Customers registered and neither absorbed nor erased. */
  readonly customers: () => Promise<number>;
  readonly clock: BusinessClock & {
    readonly now: () => number;
    readonly zone: string;
    readonly settable: boolean;
  };
  /** Facts of source `ops`. */
  readonly ledger: Ledger;
};
