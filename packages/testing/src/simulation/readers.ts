// Clients that look at what they have written: it can be read, and what is read never goes back while a process lives.
import { isTenureError } from '@tenure/core';
import type { Scheduler } from '../scheduler.ts';
import { SOURCE } from './counter.ts';
import { PROJECTION } from './counters.ts';
import type { Parts } from './boot.ts';
import type { Deployment, Running } from './deployment.ts';
import { holds } from './invariants/index.ts';

/** What HTTP waits at most. */
const WAIT_MS = 5_000;

export type Looker = {
  /** Reads the customer as of the position that was acknowledged. @throws Violation */
  look(position: number): Promise<void>;
};

/** One client's eyes on one customer. */
export const lookerAt = (scheduler: Scheduler, deployment: Deployment<Parts>, customer: string): Looker => {
  const last = { process: '', position: 0 };
  const read = async ({ reader }: Running<Parts>, position: number): Promise<number> => {
    await reader.waitFor(PROJECTION, { [SOURCE]: position }, WAIT_MS);
    const document = (await reader.load(PROJECTION, [customer])).get(customer);
    return document?.vector[SOURCE] ?? 0;
  };
  return {
    async look(position) {
      const process = await deployment.running();
      try {
        const seen = await Promise.race([read(process, position), process.died.then(() => null)]);
        if (seen === null) return;
        scheduler.note(`client sees ${customer} at ${seen}`);
        const since = last.process === process.life.name ? last.position : 0;
        holds(seen >= position, 'what is acknowledged can be read', `${customer}: ${seen}, not ${position}`);
        holds(seen >= since, 'reads never go back', `${customer}: ${seen} after ${since}`);
        Object.assign(last, { process: process.life.name, position: seen });
      } catch (error) {
        if (!isTenureError(error) || !error.retriable) throw error; // it may be behind, or its store away
      }
    },
  };
};
