import { eventLogContract, relayCheckpointsContract } from '../src/contract.ts';
import { memoryCheckpoints } from '../src/memory.ts';
import { segmentCheckpoints } from '../src/segments/index.ts';
import { memoryUnderTest, segmentsUnderTest, tempFolder } from './adapters.ts';

eventLogContract('memory', memoryUnderTest);
eventLogContract('segments', segmentsUnderTest());
// Small segments: every case crosses from one to the next, and meets sealed ones.
eventLogContract('segments of 2 kB', segmentsUnderTest({ segmentBytes: 2048 }));

relayCheckpointsContract('memory', () => {
  const checkpoints = memoryCheckpoints();
  return { checkpoints, reopen: () => checkpoints, remove: () => {} };
});
relayCheckpointsContract('segments', () => {
  const { dir, remove } = tempFolder();
  return { checkpoints: segmentCheckpoints(dir), reopen: () => segmentCheckpoints(dir), remove };
});
