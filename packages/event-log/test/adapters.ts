// The adapters of this package, opened for tests in folders that go away.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogUnderTest } from '../src/contract.ts';
import type { EventLog } from '../src/event-log.ts';
import { memoryEventLog, memoryLogData } from '../src/memory.ts';
import type { Pause } from '../src/pause.ts';
import { openSegments, type SegmentWriterOptions } from '../src/segments/index.ts';

export const tempFolder = (): { readonly dir: string; readonly remove: () => void } => {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-log-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
};

const underTest = async (open: () => Promise<EventLog>, removeData: () => void): Promise<LogUnderTest> => {
  let log = await open();
  return {
    log,
    async reopen() {
      await log.close();
      log = await open();
      return log;
    },
    async remove() {
      await log.close();
      removeData();
    },
  };
};

export const memoryUnderTest = (partitions: number, pause: Pause): Promise<LogUnderTest> => {
  const data = memoryLogData(partitions);
  return underTest(
    async () => memoryEventLog(data, pause),
    () => {},
  );
};

export const segmentsUnderTest =
  (options: Partial<SegmentWriterOptions> = {}) =>
  (partitions: number, pause: Pause): Promise<LogUnderTest> => {
    const { dir, remove } = tempFolder();
    return underTest(() => openSegments({ ...options, dir, partitions, pause, readOnly: false }), remove);
  };
