// `tenure serve`: the server with the same flags, signals and exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';

export const serve = async ({ world }: Shell): Promise<ExitCode> => {
  // The server reads its own flags: what it takes is written down there and nowhere else.
  const flags = [...world.args];
  flags.splice(flags.indexOf('serve'), 1);
  const child = spawn(process.execPath, [join(world.root, 'services/platform/src/main.ts'), ...flags], {
    cwd: world.cwd,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // A terminal signals the whole group: the server has heard it.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return serverExit(code, signal);
};

const serverExit = (code: number | null, signal: NodeJS.Signals | null): ExitCode =>
  (signal === null ? (code ?? EXIT.failed) : 128 + constants.signals[signal]) as ExitCode;
