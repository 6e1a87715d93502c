import { array, assert, nat, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineSplitter } from './lines.ts';

const split = (chunks: readonly Buffer[], max: number): readonly string[] => {
  const splitter = lineSplitter(max);
  const lines: string[] = [];
  for (const chunk of chunks) splitter.push(chunk, (line) => lines.push(line.toString()));
  const last = splitter.end();
  return last === undefined ? lines : [...lines, last.toString()];
};

describe('lineSplitter', () => {
  it('gives the same lines wherever the bytes are cut', () => {
    assert(
      property(array(stringMatching(/^[a-zé]{0,12}$/)), array(nat(20)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)));
        expect(split([...chunks, bytes.subarray(at)], 100)).toEqual(lines);
      }),
    );
  });

  it('takes CR LF for an end, and a last line without one', () => {
    expect(split([Buffer.from('a\r\nb')], 10)).toEqual(['a', 'b']);
    expect(split([Buffer.from('a\n')], 10)).toEqual(['a']);
  });

  it('says that a line is too long and goes on with the next one', () => {
    const long = Buffer.alloc(7, 97);
    expect(split([Buffer.from('ok\n'), long, long, Buffer.from('\nok\n')], 10)).toEqual([
      'ok',
      'too long',
      'ok',
    ]);
    expect(split([Buffer.from('12345678901\n1234567890\n')], 10)).toEqual(['too long', '1234567890']);
    expect(split([long, long], 10)).toEqual(['too long']);
  });
});
