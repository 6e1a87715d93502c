import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasStrace, runWithFault } from '@tenure/testing/power-cut';
import { folderOfTest, temporaryFolder } from './folder.ts';
import { acknowledged, lostAfter } from './survivors.ts';

const WRITER = join(import.meta.dirname, 'writer.ts');
const STORE_FAILED = 3;

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
  it.for(['pwrite64:error=ENOSPC:when=40..90', 'pwrite64:error=ENOSPC:when=41..400+7'])(
    'refuses appends as retriable and goes on by itself when there is space again (%s)',
    async (fault, context) => {
      context.skip(!hasStrace(), 'needs strace');
      const file = join(folderOfTest(), 'order.db');
      const { status, stdout, stderr } = await runWithFault(fault, writer(file, '--appends', '200'));
      const lines = stdout.split('\n');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(lines).toContain('full');
      expect(acknowledged(lines)).toHaveLength(200);
      expect(await lostAfter(file, lines)).toEqual([]);
    },
  );

  it('holds up no append when only the checkpoint finds no space', async (context) => {
    context.skip(!hasStrace(), 'needs strace');
    const file = join(folderOfTest(), 'order.db');
    const fault = 'pwrite64:error=ENOSPC:when=5..60';
    const { status, stdout } = await runWithFault(fault, writer(file, '--appends', '400'), { path: file });
    const lines = stdout.split('\n').slice(0, -1);
    expect(status).toBe(0);
    expect(acknowledged(lines)).toHaveLength(lines.length);
    expect(await lostAfter(file, lines)).toEqual([]);
  });

  it('is survived on a real small disk', async (context) => {
    context.skip(!canMount(), 'needs the right to mount a tmpfs');
    const disk = join(folderOfTest(), 'small');
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
  it.for([
    { what: 'a commit that cannot be flushed, once', fault: 'fsync:error=EIO:when=30', only: undefined },
    { what: 'a commit that cannot be written, once', fault: 'pwrite64:error=EIO:when=60', only: undefined },
    { what: 'a checkpoint that cannot be flushed', fault: 'fsync:error=EIO:when=3', only: 'order.db' },
    { what: 'a checkpoint that cannot be written', fault: 'pwrite64:error=EIO:when=9', only: 'order.db' },
  ])('ends the store for good: $what', async ({ fault, only }, context) => {
    context.skip(!hasStrace(), 'needs strace');
    const folder = folderOfTest();
    const file = join(folder, 'order.db');
    const where = only === undefined ? {} : { path: join(folder, only) };
    const { status, stdout } = await runWithFault(fault, writer(file, '--appends', '2000'), where);
    const lines = stdout.split('\n').slice(0, -1);
    expect(status).toBe(STORE_FAILED);
    expect(lines.slice(-2)).toEqual(['fatal STORE_FAILED', 'refused 5']);
    expect(lines.filter((line) => line.startsWith('fatal'))).toHaveLength(1);
    expect(await lostAfter(file, lines)).toEqual([]);
  });
});
