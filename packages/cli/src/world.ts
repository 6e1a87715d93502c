// What the command line needs of the process it runs in; tests bring their own.
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

export type World = {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** File names on the command line are relative to it. */
  readonly cwd: string;
  /** The folder of this installation. */
  readonly root: string;
  /** Data, and nothing else. */
  readonly out: (text: string) => void;
  /** Progress, warnings, errors. */
  readonly err: (text: string) => void;
  readonly terminal: {
    /** Whether somebody watches stderr. */
    readonly attended: boolean;
    readonly columns: number;
    /** Whether stdout takes colours. */
    readonly colours: boolean;
  };
  /** Wall time, ms. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From now on the first Ctrl-C aborts the signal instead of ending the process; the second one ends it. */
  readonly interruptible: () => AbortSignal;
  /** Asks for a line; null where nobody can answer. */
  readonly ask: (question: string) => Promise<string | null>;
};

/** The process as it is. */
export const realWorld = (): World => {
  process.stdout.on('error', endWithReader);
  return {
    args: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal: {
      attended: process.stderr.isTTY,
      columns: process.stderr.columns ?? 80,
      colours: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    },
    now: () => Date.now(),
    sleep: (ms) => delay(ms),
    interruptible,
    ask,
  };
};

/** `tenure audit | head`: who has read enough closes the pipe. That is no failure. */
const endWithReader = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
};

const INTERRUPTED = 130;

const interruptible = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
    });
  return controller.signal;
};

const ask = async (question: string): Promise<string | null> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
};
