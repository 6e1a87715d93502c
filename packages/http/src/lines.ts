// Cuts a stream of bytes into lines without holding more than one of them.

/** A whole line without its end, or that it was longer than allowed (then its bytes are gone). */
export type Line = Buffer | 'too long';

/** CR LF ends a line like LF does. */
const trimmed = (line: Buffer): Buffer => (line.at(-1) === 13 ? line.subarray(0, -1) : line);

export type LineSplitter = {
  /** Takes the next bytes and hands over every line that they complete, in order. */
  readonly push: (chunk: Buffer, take: (line: Line) => void) => void;
  /** The last line, when it has no end; undefined when there is none. */
  readonly end: () => Line | undefined;
};

export const lineSplitter = (maxBytes: number): LineSplitter => {
  let pieces: Buffer[] = [];
  let size = 0;

  const finish = (last: Buffer): Line => {
    const whole = pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
    const long = size + last.length > maxBytes;
    pieces = [];
    size = 0;
    return long ? 'too long' : trimmed(whole);
  };
  const keep = (rest: Buffer): void => {
    size += rest.length;
    if (size > maxBytes) pieces = [];
    else if (rest.length > 0) pieces.push(rest);
  };
  return {
    push: (chunk, take) => {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        take(finish(chunk.subarray(from, end)));
        from = end + 1;
      }
      keep(chunk.subarray(from));
    },
    end: () => (size === 0 ? undefined : finish(Buffer.alloc(0))),
  };
};
