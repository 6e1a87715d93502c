// What every EventLog must do. An adapter passes by calling `eventLogContract` in its test.
import { describe } from 'vitest';
import { durabilityContract } from './contract/durability.ts';
import { subjectOf, type OpenLog } from './contract/log-under-test.ts';
import { publishContract, refusalContract } from './contract/publish.ts';
import { keyHashContract, readContract } from './contract/read.ts';
import { readKeyContract } from './contract/read-key.ts';
import { failingContract, retryContract } from './contract/retry.ts';
import {
  fairnessContract,
  paceContract,
  stopContract,
  subscribeContract,
  topicsContract,
} from './contract/subscribe.ts';
import { watermarkContract } from './contract/watermark.ts';

export { relayCheckpointsContract } from './contract/checkpoints.ts';
export type { LogUnderTest, OpenLog } from './contract/log-under-test.ts';

const ALL = [
  publishContract,
  refusalContract,
  readContract,
  keyHashContract,
  readKeyContract,
  subscribeContract,
  topicsContract,
  paceContract,
  fairnessContract,
  stopContract,
  retryContract,
  failingContract,
  watermarkContract,
  durabilityContract,
];

/** Runs the contract against an adapter. */
export const eventLogContract = (adapter: string, open: OpenLog): void => {
  describe(`EventLog contract: ${adapter}`, () => {
    const subject = subjectOf(open);
    for (const cases of ALL) cases(subject);
  });
};
