// What every EventLog must do. An adapter passes by calling `eventLogContract` in its test.
import { describe } from 'vitest';
import { durabilityContract } from './contract/durability.ts';
import type { OpenLog } from './contract/log-under-test.ts';
import { publishContract } from './contract/publish.ts';
import { readContract } from './contract/read.ts';
import { readKeyContract } from './contract/read-key.ts';
import { retryContract } from './contract/retry.ts';
import { subscribeContract } from './contract/subscribe.ts';
import { watermarkContract } from './contract/watermark.ts';

export { relayCheckpointsContract } from './contract/checkpoints.ts';
export type { LogUnderTest, OpenLog } from './contract/log-under-test.ts';

/** Runs the contract against an adapter. */
export const eventLogContract = (adapter: string, open: OpenLog): void => {
  describe(`EventLog contract: ${adapter}`, () => {
    publishContract(open);
    readContract(open);
    readKeyContract(open);
    subscribeContract(open);
    retryContract(open);
    watermarkContract(open);
    durabilityContract(open);
  });
};
