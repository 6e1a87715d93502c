import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for a test, and how to get rid of it. */
export const temporaryFolder = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'tenure-event-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

export const unexpected = (error: Error): never => {
  throw error;
};

/** The path of a folder that is removed when the running test has ended. */
export const folderOfTest = (): string => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
};
