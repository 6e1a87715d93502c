// A file as numbered lines, in constant memory whatever is in it.

/** Longer is no row of anything we know; the rest of such a line is passed over. */
export const MAX_LINE_BYTES = 65_536;

/** `number` counts from 1. A line that cannot be used says why. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: string };

const LF = 10;
const CR = 13;

/** Splits at LF or CRLF; a byte order mark is left out; a last line without end counts. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  let number = 0;
  let parts: Uint8Array[] = [];
  let size = 0;
  const add = (part: Uint8Array): void => {
    size += part.length;
    if (size <= maxBytes + 1) parts.push(part.slice()); // + 1: a CR that is not part of the line
  };
  const finish = (): Line => {
    const line = lineOf(++number, parts, size, maxBytes);
    [parts, size] = [[], 0];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      add(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (size > 0) yield finish();
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const lineOf = (number: number, parts: readonly Uint8Array[], size: number, maxBytes: number): Line => {
  const [first] = parts;
  const whole = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  const bytes = whole.at(-1) === CR ? whole.subarray(0, -1) : whole;
  if (size > whole.length || bytes.length > maxBytes)
    return { number, problem: `is longer than ${maxBytes} bytes` };
  try {
    const text = utf8.decode(bytes);
    return { number, text: number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text };
  } catch {
    return { number, problem: 'is not UTF-8 text' }; // the only reason for which a fatal decoder throws
  }
};
