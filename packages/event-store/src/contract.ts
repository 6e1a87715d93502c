// The contract of the EventStore port as a suite: every adapter passes it, wherever it is placed.
import { describe } from 'vitest';
import { appendCases } from './contract/append-cases.ts';
import { followCases } from './contract/follow-cases.ts';
import { limitCases } from './contract/limit-cases.ts';
import { raceCases } from './contract/race-cases.ts';
import { readCases } from './contract/read-cases.ts';
import { reopenCases } from './contract/reopen-cases.ts';
import { repeatCases } from './contract/repeat-cases.ts';
import { subject, type OpenStore } from './contract/subject.ts';

export type { OpenStore, StoreUnderTest } from './contract/subject.ts';

const LIVE = [appendCases, repeatCases, limitCases, readCases, followCases, raceCases];

/**
 * Registers the suite for one adapter; `open` gives each case an empty store of its own. `volatile`: the store lives in
 * memory only, so that there is nothing to reopen.
 */
export const eventStoreContract = (
  name: string,
  open: OpenStore,
  { volatile = false }: { readonly volatile?: boolean } = {},
): void => {
  describe(`EventStore contract: ${name}`, () => {
    const store = subject(open);
    for (const cases of volatile ? LIVE : [...LIVE, reopenCases]) cases(store);
  });
};
