// What the operations service asks of the process it runs in.
import type { Clock } from '@tenure/core';
import type { ProjectionControl } from '@tenure/projections';
import type { BusinessClock } from './business-clock.ts';
import type { Ledger } from './ledger.ts';

/** How far the store of a source is, and how much of it is in the log. `lanes`: head seq per partition. */
export type SourceHead = {
  readonly head: number;
  readonly events: number;
  readonly relayed: number;
  readonly backlogEvents: number;
  readonly lanes: readonly number[];
};

/** `reasons`: why this instance must not get traffic; empty while it may. */
export type Readiness = {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly degraded: readonly { readonly projection: string; readonly parked: number }[];
};

export type OperationsPorts = {
  readonly version: string;
  readonly control: ProjectionControl;
  readonly heads: () => Promise<Readonly<Record<string, SourceHead>>>;
  /** Events in the log by type. */
  readonly eventCounts: () => Promise<Readonly<Record<string, number>>>;
  /** Customers registered and neither absorbed nor erased. */
  readonly customers: () => Promise<number>;
  readonly readiness: () => Promise<Readiness>;
  readonly clock: BusinessClock & {
    readonly now: () => number;
    readonly zone: string;
    readonly settable: boolean;
  };
  /** Machine time. */
  readonly wallClock: Clock;
  /** Facts of source `ops`. */
  readonly ledger: Ledger;
};
