import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateFormatProblem, dateReader, instantOfMoment, momentReader } from './dates.ts';
import { splitLines, type Line } from './lines.ts';
import { patternProblem } from './pattern.ts';
import { splitDelimited } from './rows.ts';

const linesOf = (texts: readonly string[]): readonly Line[] =>
  texts.map((text, i) => ({ number: i + 1, text }));

describe('patterns', () => {
  it.each([
    ['^(?<a>[^,]*),(?<b>.*)$', null],
    ['^(?<a>\\S+)\\s+(?<b>\\S+)$', null],
    ['^(?<a>\\d{4}-\\d{2})\\t"(?<b>[^"]*)"$', null],
    ['(?<a>x)', 'whole line'],
    ['^abc$', 'no named group'],
    ['^(?<a>x+)+$', 'repeats a group'],
    ['^(?<a>.*),(?<b>.*)$', 'can take the same characters'],
    ['^(?<a>\\d+)(?<b>\\d+)$', 'can take the same characters'],
    ['^(?<a>a*)b?a$', 'can take the same characters'],
    ['^(?<a>a|b)$', 'no alternatives'],
    ['^(?<a>.)\\1$', 'no alternatives'],
    ['^(?=x)(?<a>x)$', 'no alternatives'],
    ['^(?<a>x*?)y$', 'no alternatives'],
    ['^(?<a>x$', 'does not end'],
    ['^(?<a>x)(?<a>y)$', 'two groups of one name'],
    ['^(?<a>[z-a])$', 'no alternatives'],
  ])('%s', (pattern, problem) => {
    const found = patternProblem(pattern);
    expect(found === null ? null : found.includes(problem ?? found) || found).toBe(
      problem === null ? null : true,
    );
  });

  it('that are accepted compile, and need no time on hostile lines', () => {
    const piece = fc.constantFrom(
      '\\d+',
      '[^,]*',
      ',',
      ' +',
      '\\w{1,3}',
      'x?',
      '(?<a>',
      ')',
      '(?<b>',
      '.*',
      '"',
      '\\S*',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.constantFrom('1', ',', ' ', 'x', 'a1'),
        (pieces, unit) => {
          const pattern = `^${pieces.join('')}$`;
          fc.pre(patternProblem(pattern) === null);
          const started = process.hrtime.bigint();
          new RegExp(pattern, 'u').exec(`${unit.repeat(2000)}!`);
          expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2_000);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const bytesOf = async function* (text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};
const collect = async (lines: AsyncIterable<Line>): Promise<readonly Line[]> => {
  const all: Line[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

describe('splitLines', () => {
  it('gives the same lines however the bytes arrive', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\ufeff]/g, ''))),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('\n', '\r\n'),
        async (texts, size, end) => {
          const lines = await collect(splitLines(bytesOf(texts.map((text) => text + end).join(''), size)));
          expect(lines).toEqual(linesOf(texts));
        },
      ),
    ));

  it('bounds a line, finds bad text, leaves out a byte order mark, and takes a last line without end', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffone\r\n'),
      Buffer.from(`${'x'.repeat(100)}\n`),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from(`${'y'.repeat(10)}\r\n`),
      Buffer.from('last'),
    ]);
    const lines = await collect(
      splitLines(
        (async function* () {
          yield bytes;
        })(),
        10,
      ),
    );
    expect(lines).toEqual([
      { number: 1, text: 'one' },
      { number: 2, problem: 'is longer than 10 bytes' },
      { number: 3, problem: 'is not UTF-8 text' },
      { number: 4, text: 'y'.repeat(10) },
      { number: 5, text: 'last' },
    ]);
  });
});

describe('values', () => {
  it('are dates of one format that exist', () => {
    expect(dateReader('dd.MM.yyyy')('29.02.2024')).toBe('2024-02-29');
    expect(dateReader('dd.MM.yyyy')('29.02.2023')).toBeNull();
    expect(dateReader('dd.MM.yyyy')('29/02/2024')).toBeNull();
    expect(dateReader('yyyyMMdd')('1997010')).toBeNull();
  });

  it('have a time of day where the file has one, on the clocks of its zone', () => {
    const at = (format: string, text: string, zone = 'UTC'): string | null => {
      const moment = momentReader(format)(text);
      return moment === null ? null : new Date(instantOfMoment(moment, zone)).toISOString();
    };
    expect(at('yyyy-MM-dd HH:mm:ss', '2026-03-01 14:05:09')).toBe('2026-03-01T14:05:09.000Z');
    expect(at('dd.MM.yyyy HH:mm', '01.07.2026 00:30', 'Europe/Vienna')).toBe('2026-06-30T22:30:00.000Z');
    expect(at('yyyyMMdd', '20260301', 'Asia/Shanghai')).toBe('2026-02-28T16:00:00.000Z');
    for (const text of ['2026-03-01 24:00', '2026-03-01 12:60', '2026-03-01 1:05', '2026-03-01T12:00'])
      expect(at('yyyy-MM-dd HH:mm', text)).toBeNull();
    expect(dateReader('yyyy-MM-dd HH:mm')('2026-03-01 14:05')).toBe('2026-03-01');
    for (const format of ['yyyyMMdd HH', 'yyyyMMdd mm', 'yyyyMMdd HH:mm:mm', 'yyyyMMdd ss', 'yyyyMM'])
      expect(dateFormatProblem(format)).toContain('must have yyyy, MM and dd once each');
    expect(dateFormatProblem('yyyy-MM-dd HH:mm:ss')).toBeNull();
  });

  it('stand between delimiters', () => {
    expect(splitDelimited('a,,"b ""c"",d",', ',')).toEqual(['a', '', 'b "c",d', '']);
    expect(splitDelimited('', ',')).toEqual(['']);
  });
});
