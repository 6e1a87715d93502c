// `tenure replay start` and `replay status`.
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count, parseSpan } from '../format.ts';
import { openProgress } from '../progress.ts';
import type { Shell } from '../shell.ts';
import { wholeNumber } from '../words.ts';
import { follow } from './follow.ts';
import { generationsOf, generationTable, replaysOf, replayTable, type Replay } from './projections.ts';

export type StartOptions = {
  readonly activate?: boolean;
  readonly wait?: boolean;
  readonly detach?: boolean;
  readonly timeout?: string;
};

export const startReplay = async (
  shell: Shell,
  options: StartOptions,
  projection = '',
): Promise<ExitCode> => {
  const timeout = options.timeout === undefined ? undefined : parseSpan(options.timeout, '--timeout');
  const activate = options.activate === true;
  const answer = await shell.change('ops', '/ops/replays', { projection, activate });
  if (answer === null) return EXIT.ok;
  const started = answer.body as unknown as Replay;
  if (options.detach === true || (options.wait !== true && !shell.world.terminal.attended)) {
    shell.print(started, `${started.id}\n`);
    return EXIT.ok;
  }
  return ended(shell, await untilOver(shell, started, timeout));
};

const untilOver = async (shell: Shell, started: Replay, timeout?: number): Promise<Replay> => {
  const progress = openProgress(shell.world);
  try {
    return await follow(shell, started, {
      path: `/ops/replays/${encodeURIComponent(started.id)}`,
      over: isOver,
      show: ({ state, done, events, rate, etaSeconds: eta }) =>
        progress.show({ label: state, done, total: events, rate, unit: 'events', eta }),
      timeout,
      interrupted: shell.world.interruptible(),
      later: `See "tenure replay status ${started.projection}".`,
    });
  } finally {
    progress.clear();
  }
};

const ENDED: ReadonlySet<string> = new Set(['active', 'standby', 'retired', 'failed']);

/** A build that is not to be activated is over when it is verified. */
export const isOver = ({ activate, state, verified, error }: Replay): boolean =>
  ENDED.has(state) || error !== null || (!activate && verified !== null);

const ended = (shell: Shell, replay: Replay): ExitCode => {
  const { generation, state, events, verified, error, digest } = replay;
  const next =
    state === 'active'
      ? 'It is served now.'
      : `Serve it with "tenure replay activate ${replay.projection} --generation ${generation}".`;
  shell.print(
    replay,
    state === 'failed'
      ? `generation ${generation} failed\n`
      : `generation ${generation} is ${state}: ${count(events, 'event')}, ${count(verified?.keys ?? 0, 'document')} verified, digest ${digest ?? 'not known while it is behind'}. ${next}\n`,
  );
  if (error !== null) shell.say(`The replay failed: ${error}. What was served before still is.`);
  if ((verified?.differences ?? 0) > 0) return EXIT.differences;
  return error !== null || state === 'failed' ? EXIT.failed : EXIT.ok;
};

export const replayStatus = async (
  shell: Shell,
  options: { readonly generation?: string; readonly wait?: boolean },
  name = '',
): Promise<ExitCode> => {
  const only = options.generation === undefined ? null : wholeNumber(options.generation, '--generation');
  const chosen = <T extends { readonly generation: number }>(all: readonly T[]): readonly T[] =>
    only === null ? all : all.filter(({ generation }) => generation === only);
  const generations = chosen(await generationsOf(shell, name));
  const replays = chosen(await replaysOf(shell, name));
  const [newest] = replays;
  if (options.wait === true && newest !== undefined) return ended(shell, await untilOver(shell, newest));
  shell.print(
    { projection: name, replays, generations },
    [generationTable(generations), replayTable(replays)].filter((part) => part !== '').join('\n'),
  );
  return EXIT.ok;
};
