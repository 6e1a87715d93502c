// Runs a program under strace: to record what it does to the disk, or to make system calls of it fail.
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { lineReader, type Line } from './syscalls.ts';

/** What the model knows, and what it must refuse when it is seen. */
const TRACED =
  'open,openat,creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,copy_file_range,sendfile,' +
  'lseek,close,fsync,fdatasync,unlink,unlinkat,rmdir,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,dup,dup2,dup3';

/** Longer than any single write of a test. */
const MAX_STRING = 1 << 26;

/** True when a program can be traced here. */
export const hasStrace = (): boolean =>
  spawnSync('strace', ['-f', '-qq', '-e', 'trace=none', 'true']).status === 0;

export type Recording = { readonly root: string; readonly lines: readonly Line[] };

/**
 * Records what a command does in a folder that is empty when it starts. Its standard output are the marks: what it has
 * promised by then. Rejects when the command fails.
 */
export const recordDisk = async (root: string, command: readonly string[]): Promise<Recording> => {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-strace-'));
  const trace = join(folder, 'trace');
  try {
    const options = ['-f', '--seccomp-bpf', '-qq', '-xx', '-s', String(MAX_STRING)];
    const { status, stderr } = await run([...options, '-e', `trace=${TRACED}`, '-o', trace, ...command]);
    if (status !== 0) throw new Error(`the recorded program failed (${status}): ${stderr}`);
    const lines: Line[] = [];
    const read = lineReader();
    for await (const line of createInterface({ input: createReadStream(trace) })) lines.push(...read(line));
    return { root, lines };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/**
 * Runs a command whose system calls fail as told, in strace's words: `fsync:error=EIO:when=5+`.
 * `path` limits the fault to calls on this file.
 */
export const runWithFault = (
  fault: string,
  command: readonly string[],
  { path }: { readonly path?: string } = {},
): Promise<Ran> => {
  const [calls = ''] = fault.split(':');
  const on = path === undefined ? [] : ['-P', path];
  return run([
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${calls}`,
    ...on,
    '-e',
    `inject=${fault}`,
    ...command,
  ]);
};

const run = (args: readonly string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn('strace', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
