import { describe, expect, it } from 'vitest';
import { count, csvField, number, parseSpan, span, table } from './format.ts';

describe('numbers and spans for people', () => {
  it('group thousands', () => expect(number(1_234_567.89)).toBe('1,234,567.9'));
  it.each([
    [0.0204, '20 ms'],
    [4.25, '4.3 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
  ])('say %d s as %s', (seconds, text) => expect(span(seconds)).toBe(text));
  it('know one and many', () => expect([count(1, 'row'), count(2, 'row')]).toEqual(['1 row', '2 rows']));
});

describe('a span of time on the command line', () => {
  it.each([
    ['500ms', 0.5],
    ['5s', 5],
    ['5', 5],
    ['15m', 900],
    ['1h', 3600],
    ['7d', 604_800],
    ['1.5h', 5400],
  ])('reads %s as %d s', (text, seconds) => expect(parseSpan(text, '--ttl')).toBe(seconds));
  it.each(['', 'soon', '-1h', '5 s', '1w'])('refuses "%s" and says what it takes', (text) => {
    expect(() => parseSpan(text, '--ttl')).toThrow(/--ttl takes a span of time/);
  });
});

describe('a table', () => {
  it('lines up texts to the left and numbers to the right', () => {
    expect(
      table(
        ['NAME', 'LAG'],
        [
          ['customer-360', 0],
          ['orders', 1234],
          ['new', null],
        ],
      ),
    ).toBe('NAME            LAG\ncustomer-360      0\norders        1,234\nnew               –\n');
  });
  it('is nothing without rows', () => expect(table(['NAME'], [])).toBe(''));
});

describe('a field of a report', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
  ])('writes %j as %j', (text, field) => expect(csvField(text)).toBe(field));
});
