import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  announceServer,
  claimDirectory,
  openDeploymentFile,
  openSecrets,
  runningServer,
  saveDeploymentFile,
  withdrawServer,
} from '../src/data-directory.ts';

let data: string;
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'tenure-data-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const asked = { id: '6e5bb38a-8de3-4688-b629-4fa13d846ff8', partitions: 16, settableClock: false };

describe('secrets', () => {
  it('are made once, differ, and are readable by the owner alone', () => {
    const first = openSecrets(data);
    expect(new Set(Object.values(first)).size).toBe(4);
    expect(statSync(join(data, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(openSecrets(data)).toEqual(first);
  });

  it('are never replaced where data was written with them', () => {
    openSecrets(data);
    openDeploymentFile(data, asked);
    rmSync(join(data, 'secrets.json'));
    expect(() => openSecrets(data)).toThrow(/Restore it from a backup/);
  });

  it('that are damaged are refused with what to do', () => {
    writeFileSync(join(data, 'secrets.json'), '{"tokens":"short"}');
    expect(() => openSecrets(data)).toThrow(/secrets.json .*tokens/);
  });
});

describe('the deployment file', () => {
  it('keeps what was fixed at its creation', () => {
    openDeploymentFile(data, asked);
    const again = openDeploymentFile(data, {
      ...asked,
      id: '00000000-0000-4000-8000-000000000000',
      partitions: undefined,
    });
    expect(again).toMatchObject({ id: asked.id, partitions: 16 });
    saveDeploymentFile(data, { ...again, policyHashes: { 'order@1': 'abc' } });
    expect(openDeploymentFile(data, asked).policyHashes).toEqual({ 'order@1': 'abc' });
  });

  it('refuses a clock of the other kind', () => {
    openDeploymentFile(data, asked);
    expect(() => openDeploymentFile(data, { ...asked, settableClock: true })).toThrow(
      /without --settable-clock/,
    );
  });

  it('refuses another number of partitions', () => {
    openDeploymentFile(data, asked);
    expect(() => openDeploymentFile(data, { ...asked, partitions: 64 })).toThrow(/fixed for its life/);
  });

  it('of another format is refused', () => {
    writeFileSync(join(data, 'deployment.json'), JSON.stringify({ format: 2 }));
    expect(() => openDeploymentFile(data, asked)).toThrow(/another version/);
  });
});

describe('the running server', () => {
  it('is found while its process lives, and gone when it withdraws', () => {
    claimDirectory(data);
    announceServer(data, { url: 'http://127.0.0.1:1', pid: 1 });
    const foreign = runningServer(data); // process 1 is no server of ours
    expect(foreign).toBeNull();
    withdrawServer(data);
    expect(runningServer(data)).toBeNull();
  });

  it('that was killed does not hold the directory', () => {
    announceServer(data, { url: 'http://127.0.0.1:1', pid: 2 ** 22 + 1 });
    claimDirectory(data);
    expect(JSON.parse(readFileSync(join(data, 'server.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('whose file is torn counts as gone', () => {
    writeFileSync(join(data, 'server.json'), '{"url":');
    expect(runningServer(data)).toBeNull();
  });
});
