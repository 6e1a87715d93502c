import { describe, expect, it } from 'vitest';
import { fromPlainError, isTenureError, ruleViolated, TenureError, toPlainError } from './errors.ts';

describe('a TenureError', () => {
  const error = new TenureError('BEHIND', 'Wait a little.', { asOf: 7 }, { retriable: true });

  it('keeps code, detail, data and whether to try again over a thread', () => {
    const crossed = fromPlainError(structuredClone(toPlainError(error)));
    expect(crossed).toMatchObject({
      code: 'BEHIND',
      message: 'Wait a little.',
      data: { asOf: 7 },
      retriable: true,
    });
    expect(isTenureError(crossed, 'BEHIND')).toBe(true);
  });

  it('is recognised by its code, not by its class', () => {
    const foreign = Object.assign(new Error('of another realm'), { code: 'BEHIND', data: {} });
    expect(isTenureError(foreign, 'BEHIND')).toBe(true);
    expect(isTenureError(foreign, 'GONE')).toBe(false);
    expect(isTenureError({ code: 'BEHIND', data: {} })).toBe(false);
    expect(isTenureError(Object.assign(new Error('of the system'), { code: 'ENOENT' }))).toBe(false);
  });

  it('keeps its cause and is not retriable unless it says so', () => {
    const cause = new Error('below');
    expect(new TenureError('X', 'x', {}, { cause }).cause).toBe(cause);
    expect('cause' in new TenureError('X', 'x')).toBe(false);
    expect(new TenureError('X', 'x').retriable).toBe(false);
  });
});

describe('toPlainError', () => {
  it('makes anything else INTERNAL', () => {
    expect(toPlainError(new TypeError('broken'))).toEqual({
      code: 'INTERNAL',
      detail: 'broken',
      data: {},
      retriable: false,
    });
    expect(toPlainError('a text').detail).toBe('a text');
  });
});

describe('ruleViolated', () => {
  it('says that a rule of the domain was broken', () => {
    expect(ruleViolated('LINE_TOTAL_WRONG', 'The total is wrong.', { line: 2 })).toMatchObject({
      code: 'LINE_TOTAL_WRONG',
      data: { rule: true, line: 2 },
      retriable: false,
    });
  });
});
