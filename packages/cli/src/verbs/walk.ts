// `tenure walk`: one customer through all five stages, each step shown with what follows from it.
import { TenureError } from '@tenure/core';
import { call } from '../api.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count } from '../format.ts';
import { dataDirectory, findServer } from '../server.ts';
import type { Shell } from '../shell.ts';
import { runWalk, type StepResult } from '../walk/run.ts';
import { serversOn, throwawayServer, type ThrowawayServer } from '../walk/server.ts';
import { walkSteps } from '../walk/steps.ts';

export const walk = async (shell: Shell): Promise<ExitCode> => {
  const { world, options } = shell;
  const begun = world.now();
  const { servers, stop } = options.url === undefined ? await own(shell) : await running(shell);
  try {
    const steps = await runWalk(walkSteps, {
      servers: () => servers,
      now: world.now,
      sleep: world.sleep,
      done: (step) => {
        if (options.json !== true) world.out(shown(step));
      },
    });
    const wrong = steps.filter(({ problems }) => problems.length > 0).length;
    const seconds = ((world.now() - begun) / 1_000).toFixed(1);
    const verdict = wrong === 0 ? 'every value was found' : `${count(wrong, 'step')} went wrong`;
    shell.print({ steps }, `\n${count(steps.length, 'step')} in ${seconds} s: ${verdict}\n`);
    return wrong === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    await stop();
  }
};

const own = async ({ world, say }: Shell): Promise<ThrowawayServer> => {
  say('starting a server of its own, with a settable clock …');
  return throwawayServer(world);
};

/** A server that somebody else runs: its clock is set by the walk, so nothing may be in it. */
const running = async (shell: Shell): Promise<ThrowawayServer> => {
  const { world, options } = shell;
  const { url } = await findServer(world, options, 'admin');
  const servers = await serversOn(world, url, dataDirectory(world, options));
  const { body } = await call(servers.admin, 'GET', '/ops/clock');
  if (body['settable'] !== true || body['businessDay'] !== null)
    throw new TenureError(
      'USAGE',
      'The walk needs a server with nothing in it whose clock it may set: tenure serve --empty --settable-clock --data NEW-FOLDER.',
    );
  return { servers, stop: async () => {} };
};

const shown = ({ row, on, what, requests, events, after, problems }: StepResult): string => {
  const lines = [
    `${problems.length === 0 ? '✓' : '✗'} ${String(row).padStart(2)}  ${on}  ${what}`,
    ...requests.map(({ method, path, status }) => `        ${method} ${path}  ${status}`),
    ...(events.length === 0 ? [] : [`        → ${events.join(', ')}`]),
    ...after.map(({ get, has }) => `        = GET ${get}${has === null ? '' : `  ${JSON.stringify(has)}`}`),
    ...problems.map(
      ({ where, path, expected, found }) =>
        `        ✗ ${where} ${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
};
