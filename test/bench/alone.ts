// One run at a time: two would measure each other, and write into the same folders.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA } from './places.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process: it did not get to remove its file
  }
};

/** The process that measures already; null when this one may, until it ends. */
export const othersRun = (): number | null => {
  const file = join(DATA, 'running');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (pid > 0 && isAlive(pid)) return pid;
  mkdirSync(DATA, { recursive: true });
  writeFileSync(file, String(process.pid));
  process.on('exit', () => rmSync(file, { force: true }));
  return null;
};
