import { describe, expect, it } from 'vitest';
import { checkedKeys, instantOf, nearest, wholeNumber } from './words.ts';

describe('words of the command line', () => {
  it('are whole numbers from 1, or a usage error', () => {
    expect(wholeNumber('7', '--generation')).toBe(7);
    for (const text of ['0', '-1', '1.5', 'x', '', '1e3', '99999999999999999999'])
      expect(() => wholeNumber(text, '--generation')).toThrow('--generation takes a whole number from 1.');
  });
  it('name each key once, in the order given', () => {
    expect(checkedKeys(['b', 'a', 'b'])).toEqual(['b', 'a']);
    expect(() => checkedKeys([''])).toThrow(/A key is/);
    expect(() => checkedKeys(['x'.repeat(201)])).toThrow(/at most 200/);
  });
  it('are times: a date, an instant, or so long before now', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(instantOf('2026-11-20', '--from', now)).toBe(Date.parse('2026-11-20T00:00:00Z'));
    expect(instantOf('2026-11-20T09:00:00+01:00', '--from', now)).toBe(Date.parse('2026-11-20T08:00:00Z'));
    expect(instantOf('-2d', '--from', now)).toBe(Date.parse('2026-11-19T12:00:00Z'));
    expect(instantOf('-90m', '--from', now)).toBe(Date.parse('2026-11-21T10:30:00Z'));
    for (const text of ['', 'soon', '2026-02-30', '-2w', '20261120', '2026-11-20T09:00:00'])
      expect(() => instantOf(text, '--from', now)).toThrow('--from takes a');
  });
  it('find what was probably meant', () => {
    const roles = ['agent', 'supervisor', 'ops', 'admin'];
    expect(nearest('adnim', ['admin'])).toBeNull();
    expect(nearest('admn', roles)).toBe('admin');
    expect(nearest('suprvisor', roles)).toBe('supervisor');
    expect(nearest('king', roles)).toBeNull();
  });
});
