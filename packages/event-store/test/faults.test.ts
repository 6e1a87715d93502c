import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasStrace, runWithFault } from '@tenure/testing/power-cut';
import { temporaryFolder } from './folder.ts';
import { acknowledged, lostAfter } from './survivors.ts';

const WRITER = join(import.meta.dirname, 'writer.ts');
const STORE_FAILED = 3;

const folderFor = (): string => {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  return folder.path;
};

const writer = (file: string, ...options: readonly string[]): readonly string[] => [
  process.execPath,
  WRITER,
  '--file',
  file,
  ...options,
];

const canMount = (): boolean => {
  const folder = temporaryFolder();
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder.path]).status !== 0)
      return false;
    execFileSync('umount', [folder.path]);
    return true;
  } finally {
    folder.remove();
  }
};

describe('a full disk', { timeout: 60_000 }, () => {
  it.each(['pwrite64:error=ENOSPC:when=40..90', 'pwrite64:error=ENOSPC:when=41..400+7'])(
    'refuses appends as retriable and goes on by itself when there is space again (%s)',
    async (fault) => {
      const file = join(folderFor(), 'order.db');
      const { status, stdout, stderr } = await runWithFault(fault, writer(file, '--appends', '200'));
      const lines = stdout.split('\n');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(lines).toContain('full');
      expect(acknowledged(lines)).toHaveLength(200);
      expect(await lostAfter(file, lines)).toEqual([]);
    },
  );

  it('is survived on a real small disk', async (context) => {
    context.skip(!canMount(), 'needs the right to mount a tmpfs');
    const disk = join(folderFor(), 'small');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    onTestFinished(() => void execFileSync('umount', [disk]));
    const file = join(disk, 'order.db');
    const { stdout } = spawnSync(process.execPath, writer(file).slice(1), {
      encoding: 'utf8',
      timeout: 3_000,
    });
    const lines = stdout.split('\n').slice(0, -1);
    expect(lines).toContain('full');
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    expect(await lostAfter(file, lines)).toEqual([]);
  });
});

describe('a failed flush or write', { timeout: 60_000 }, () => {
  it.each([
    ['a commit that cannot be flushed', 'fsync:error=EIO:when=30'],
    ['a later flush that would succeed', 'fsync:error=EIO:when=31'],
    ['a checkpoint that cannot be flushed', 'fsync:error=EIO:when=32..50'],
    ['a commit that cannot be written', 'pwrite64:error=EIO:when=60'],
  ])('ends the store for good: %s', async (_, fault) => {
    const file = join(folderFor(), 'order.db');
    const { status, stdout } = await runWithFault(fault, writer(file, '--appends', '2000'));
    const lines = stdout.split('\n').slice(0, -1);
    expect(status).toBe(STORE_FAILED);
    expect(lines.slice(-2)).toEqual(['fatal STORE_FAILED', 'refused 5']);
    expect(lines.filter((line) => line.startsWith('fatal'))).toHaveLength(1);
    expect(await lostAfter(file, lines)).toEqual([]);
  });
});

describe('this machine', () => {
  it('can make system calls fail', (context) => {
    context.skip(!hasStrace(), 'needs strace');
    expect(hasStrace()).toBe(true);
  });
});
