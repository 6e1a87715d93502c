// What one schedule is about: who works where, whom they know, and what they were answered.
import type { KeyStore } from '@tenure/keys';
import type { Scheduler } from '../../scheduler.ts';
import type { Deployment } from '../deployment.ts';
import type { Parts } from './boot.ts';
import type { BusinessClock } from './business-clock.ts';

/** A command with the last word on it. `refused`: why, null when it was acknowledged. */
export type Answered = {
  /** It may have. A creation that names its id has that in its route. */
  readonly commandIds: readonly string[];
  readonly stream: string | null;
  readonly source: string | null;
  readonly revision: number;
  readonly position: number | null;
  readonly refused: string | null;
};

/** What one schedule is about. */
export type World = {
  readonly scheduler: Scheduler;
  readonly deployment: Deployment<Parts>;
  readonly clock: BusinessClock;
  readonly keys: KeyStore;
  /** Whom somebody has registered or captured. */
  readonly customers: string[];
  /** How often each kind of thing was begun. */
  readonly begun: Record<string, number>;
  readonly answered: Answered[];
};
