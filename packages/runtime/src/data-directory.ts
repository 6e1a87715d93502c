// What lies in a data directory beside the engines' own files: secrets, the facts fixed at its creation, the running server.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { TenureError } from '@tenure/core';
import { z } from 'zod';

const Secret = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const Secrets = z.strictObject({ tokens: Secret, pepper: Secret, bodies: Secret, keys: Secret });

/** 256-bit secrets of the installation, base64: token signature, blind index, body HMAC, root of the key store. */
export type Secrets = z.infer<typeof Secrets>;

const Deployment = z.strictObject({
  format: z.literal(1, 'was written by another version of this program'),
  id: z.uuid(),
  partitions: z.number().int(),
  settableClock: z.boolean(),
  policyHashes: z.record(z.string(), z.string()),
});

/** Fixed when the directory is created; the hashes grow with the policies that were used. */
export type Deployment = z.infer<typeof Deployment>;

const Running = z.object({ url: z.string(), pid: z.number().int() });
export type RunningServer = z.infer<typeof Running>;

const file = {
  secrets: 'secrets.json',
  deployment: 'deployment.json',
  server: 'server.json',
} as const;

/** Written whole or not at all: a crash leaves the old file. */
const writeJson = (path: string, value: object, mode: number): void => {
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode, flush: true });
  renameSync(`${path}.new`, path);
};

const readJson = <S extends z.ZodType>(path: string, schema: S): z.output<S> => {
  const problem = (reason: string): TenureError =>
    new TenureError(
      'DATA_DIRECTORY_INVALID',
      `${path} ${reason}. Restore it from a backup, or start with another --data directory.`,
      { path },
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw problem('cannot be read as JSON');
  }
  const checked = schema.safeParse(parsed);
  if (!checked.success)
    throw problem(checked.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join(', '));
  return checked.data;
};

const newSecret = (): string => randomBytes(32).toString('base64');

/** The installation's secrets; made on first use, readable by the owner alone. */
export const openSecrets = (data: string): Secrets => {
  const path = join(data, file.secrets);
  if (!existsSync(path)) {
    if (existsSync(join(data, file.deployment)))
      throw new TenureError(
        'DATA_DIRECTORY_INVALID',
        `${path} is missing although the directory holds data: without it nothing sealed can be opened. Restore it from a backup.`,
        { path },
      );
    mkdirSync(data, { recursive: true });
    writeJson(
      path,
      { tokens: newSecret(), pepper: newSecret(), bodies: newSecret(), keys: newSecret() },
      0o600,
    );
  }
  chmodSync(path, 0o600);
  return readJson(path, Secrets);
};

/** Enough for a few hundred thousand customers in one process, and for 16 instances later. */
const PARTITIONS = 16;

/** The deployment's fixed facts; a new directory gets those asked for. @throws DATA_DIRECTORY_INVALID on a mismatch */
export const openDeploymentFile = (
  data: string,
  asked: { readonly id: string; readonly partitions?: number | undefined; readonly settableClock: boolean },
): Deployment => {
  const path = join(data, file.deployment);
  if (!existsSync(path))
    saveDeploymentFile(data, {
      format: 1,
      ...asked,
      partitions: asked.partitions ?? PARTITIONS,
      policyHashes: {},
    });
  const deployment = readJson(path, Deployment);
  if (deployment.settableClock !== asked.settableClock)
    throw new TenureError(
      'DATA_DIRECTORY_INVALID',
      `${data} was created ${deployment.settableClock ? 'with' : 'without'} --settable-clock and must be started the same way: its business days would not fit.`,
      { path },
    );
  if (asked.partitions !== undefined && asked.partitions !== deployment.partitions)
    throw new TenureError(
      'DATA_DIRECTORY_INVALID',
      `${data} was created with ${deployment.partitions} partitions, which are fixed for its life; ${asked.partitions} were asked for. Leave TENURE_PARTITIONS out, or start with another --data directory.`,
      { path },
    );
  return deployment;
};

export const saveDeploymentFile = (data: string, deployment: Deployment): void => {
  writeJson(join(data, file.deployment), deployment, 0o644);
};

const alive = (pid: number): boolean => {
  if (pid === process.pid) return false; // a restart in a container may get the old number
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.ts');
  } catch {
    return false; // no such process, or its files are gone: it does not run
  }
};

/** The server that runs on a data directory, if one does. A torn file is that of a server that died while it started. */
export const runningServer = (data: string): RunningServer | null => {
  const path = join(data, file.server);
  if (!existsSync(path)) return null;
  const running = Running.safeParse(parsed(readFileSync(path, 'utf8')));
  return running.success && alive(running.data.pid) ? running.data : null;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON is no server
  }
};

/** Two servers on one directory would destroy it. @throws ALREADY_RUNNING */
export const claimDirectory = (data: string): void => {
  mkdirSync(data, { recursive: true });
  const running = runningServer(data);
  if (running !== null)
    throw new TenureError(
      'ALREADY_RUNNING',
      `A server with process id ${running.pid} already runs on ${data} at ${running.url}. Stop it first, or use another --data directory.`,
      { pid: running.pid },
    );
  announceServer(data, { url: 'starting', pid: process.pid });
};

export const announceServer = (data: string, server: RunningServer): void => {
  writeJson(join(data, file.server), server, 0o644);
};

export const withdrawServer = (data: string): void => {
  rmSync(join(data, file.server), { force: true });
};
