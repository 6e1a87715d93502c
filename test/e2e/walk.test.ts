// One customer through all five stages: as it is meant, and with everything going wrong that may.
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runWalk, type StepResult, type WalkDeps } from '../../packages/cli/src/walk/run.ts';
import { AGENT } from '../../packages/cli/src/walk/ids.ts';
import { walkSteps } from '../../packages/cli/src/walk/steps.ts';
import type { WalkRole } from '../../packages/cli/src/walk/step.ts';
import { settled, statusOf, tokenFor } from './client.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

const SEED = Number(process.env['TENURE_WALK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const KILLS = 5;

const servers = async ({ url, data }: Server): Promise<ReturnType<WalkDeps['servers']>> => {
  const of = async (role: WalkRole) => {
    const claims = role === 'agent' ? { agent: AGENT } : {};
    return { url, token: await tokenFor(data, { roles: [role], sub: `walk:${role}`, claims }) };
  };
  return { agent: await of('agent'), supervisor: await of('supervisor'), admin: await of('admin') };
};

const problemsOf = (results: readonly StepResult[]) =>
  results.flatMap(({ row, problems }) => problems.map((problem) => ({ row, ...problem })));

const clock = { now: () => performance.now(), sleep: (ms: number) => pause(ms) };

/** What the customers look like in the end: the digests of all that is read, of one business day. */
const digestsOf = async (server: Server): Promise<Readonly<Record<string, string>>> => {
  await settled(server);
  const { projections } = await statusOf(server);
  return Object.fromEntries(
    ['customer-360', 'churn'].map((name) => [
      name,
      `${projections[name]['digest']} of ${projections[name]['day']}`,
    ]),
  );
};

/** Every consumer gets every batch twice. */
const twice = {
  file: 'packages/event-log/src/subscription.ts',
  find: 'await handler(batches);',
  replace: 'await handler(batches); await handler(batches);',
};

/** Different rows, by the seed. */
const rowsToKillAt = (seed: number): ReadonlySet<number> => {
  const rows = new Set<number>();
  for (let state = seed; rows.size < KILLS;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rows.add(6 + ((state >>> 8) % (walkSteps.length - 6)));
  }
  return rows;
};

describe('the walk', { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  let untroubled: Readonly<Record<string, string>> | undefined;

  it('finds every value that it states', async () => {
    const server = await startServer(join(folder, 'plain'), { args: ['--settable-clock'] });
    const reached = await servers(server);
    const results = await runWalk(walkSteps, { servers: () => reached, ...clock });
    expect(problemsOf(results)).toEqual([]);
    expect(results).toHaveLength(70);
    untroubled = await digestsOf(server);
    await server.stop();
  });

  it(`comes to the same documents with every event twice, kill -9 at ${KILLS} steps and restarts between (seed ${SEED})`, async () => {
    const file = join(folder, 'twice.json');
    writeFileSync(file, JSON.stringify(twice));
    const data = join(folder, 'troubled');
    const start = { args: ['--settable-clock', '--faults', file], env: { TENURE_ALLOW_FAULTS: '1' } };
    let server = await startServer(data, start);
    let reached = await servers(server);
    const kills = rowsToKillAt(SEED);
    const again = async (): Promise<void> => {
      server = await startServer(data, start);
      reached = await servers(server);
    };
    const results = await runWalk(walkSteps, {
      servers: () => reached,
      ...clock,
      sent: async ({ row }) => {
        if (kills.has(row)) await server.kill();
        else if (row % 14 === 0) await server.stop();
        else return;
        await again();
      },
    });
    expect(problemsOf(results)).toEqual([]);
    expect(await digestsOf(server)).toEqual(untroubled);
    await server.stop();
  });
});
