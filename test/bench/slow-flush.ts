// The environment of a process whose flushes take at least so long: a library loaded before libc's own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DATA } from './places.ts';

const SOURCE = join(import.meta.dirname, 'slow-flush.c');

/** Null where it cannot be had: not Linux, or no C compiler. */
export const slowFlush = (flushMs: number): Readonly<Record<string, string>> | null => {
  const library = join(DATA, 'slow-flush.so');
  if (process.platform !== 'linux' || !isBuilt(library)) return null;
  return { LD_PRELOAD: library, TENURE_BENCH_FLUSH_US: String(Math.round(flushMs * 1000)) };
};

const isBuilt = (library: string): boolean => {
  if (existsSync(library) && statSync(library).mtimeMs > statSync(SOURCE).mtimeMs) return true;
  mkdirSync(DATA, { recursive: true });
  const { status } = spawnSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, SOURCE, '-ldl'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0;
};
