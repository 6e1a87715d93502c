// Reads the output of `strace -f -xx`: one finished system call after the other, calls of several threads untangled.

/**
 * Every call is seen twice: other threads may call something between its beginning and its end.
 * `result` undefined: it did not return before the process ended.
 */
export type Line =
  | { readonly seen: 'begin'; readonly thread: string; readonly name: string; readonly args: string }
  | {
      readonly seen: 'end';
      readonly thread: string;
      readonly name: string;
      readonly args: string;
      readonly result: number | undefined;
    };

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)/s;
const UNFINISHED = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/s;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)/s;

/** The reader keeps what is unfinished between lines. Lines that are no system call (signals, exits) answer nothing. */
export const lineReader = (): ((line: string) => readonly Line[]) => {
  const unfinished = new Map<string, string>();

  return (line) => {
    const begun = UNFINISHED.exec(line);
    if (begun !== null) {
      const [, thread = '', name = '', args = ''] = begun;
      unfinished.set(thread, args);
      return [{ seen: 'begin', thread, name, args }];
    }
    const resumed = RESUMED.exec(line);
    if (resumed !== null) {
      const [, thread = '', name = '', rest = '', result] = resumed;
      const args = (unfinished.get(thread) ?? '') + rest;
      unfinished.delete(thread);
      return [{ seen: 'end', thread, name, args, result: resultOf(result) }];
    }
    const whole = WHOLE.exec(line);
    if (whole === null) return [];
    const [, thread = '', name = '', args = '', result] = whole;
    return [
      { seen: 'begin', thread, name, args },
      { seen: 'end', thread, name, args, result: resultOf(result) },
    ];
  };
};

const resultOf = (text: string | undefined): number | undefined =>
  text === undefined || text === '?' ? undefined : Number(text);

/** The strings among the arguments, in order: paths, or the bytes of a write (all parts of a vector). */
export const stringsIn = (args: string): readonly Buffer[] =>
  [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) =>
    Buffer.from(hex.replaceAll('\\x', ''), 'hex'),
  );

/** The number at the start (a descriptor) and at the end (an offset or a size) of the arguments. */
export const firstNumber = (args: string): number => Number(/^\d+/.exec(args)?.[0] ?? -1);
export const lastNumber = (args: string): number => Number(/(\d+)$/.exec(args)?.[0] ?? 0);
