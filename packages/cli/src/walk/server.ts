// The server of a walk: a throwaway one with a settable clock and nothing in it, gone when the walk is over.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TenureError } from '@tenure/core';
import { mint, type Server } from '../server.ts';
import type { World } from '../world.ts';
import { AGENT } from './ids.ts';
import type { WalkRole } from './step.ts';

/** A start takes a second or two. */
const START_MS = 60_000;
const LOOK_AGAIN_MS = 50;
/** Longer than any walk, s. */
const TOKEN_S = 3_600;

export type WalkServers = Readonly<Record<WalkRole, Server>>;
export type ThrowawayServer = { readonly servers: WalkServers; readonly stop: () => Promise<void> };

/** A token of each role for a server on a data directory. One agent acts in all roles of an agent. */
export const serversOn = async (world: World, url: string, data: string): Promise<WalkServers> => {
  const of = async (role: WalkRole): Promise<Server> => {
    const agent = role === 'agent' ? { agent: AGENT } : {};
    return {
      url,
      token: await mint(world, data, { roles: [role], sub: `walk:${role}`, ttl: TOKEN_S, ...agent }),
    };
  };
  return { agent: await of('agent'), supervisor: await of('supervisor'), admin: await of('admin') };
};

/** Starts a server in a folder of its own. @throws SERVER_NOT_STARTED */
export const throwawayServer = async (world: World): Promise<ThrowawayServer> => {
  const data = await mkdtemp(join(tmpdir(), 'tenure-walk-'));
  const child = spawn(
    process.execPath,
    [
      join(world.root, 'services/platform/src/main.ts'),
      ...['--empty', '--settable-clock', '--port', '0', '--data', data],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(String(chunk)));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await started(world, data, child, said);
    return { servers: await serversOn(world, url, data), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const started = async (
  world: World,
  data: string,
  child: ChildProcess,
  said: readonly string[],
): Promise<string> => {
  const end = world.now() + START_MS;
  while (world.now() < end && child.exitCode === null) {
    const url = await urlIn(data);
    if (url !== null && (await isReady(url))) return url;
    await world.sleep(LOOK_AGAIN_MS);
  }
  throw new TenureError(
    'SERVER_NOT_STARTED',
    `The server of the walk did not start:\n${said.join('').slice(-2_000)}`,
  );
};

const urlIn = async (data: string): Promise<string | null> => {
  try {
    const { url } = JSON.parse(await readFile(join(data, 'server.json'), 'utf8')) as {
      readonly url?: unknown;
    };
    return typeof url === 'string' && url !== 'starting' ? url : null;
  } catch {
    return null; // it is not written yet, or being written
  }
};

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(new URL('/readyz', url))).ok;
  } catch {
    return false; // it does not listen yet
  }
};
