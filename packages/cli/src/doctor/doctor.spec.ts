import { describe, expect, it } from 'vitest';
import { judged } from './disk.ts';
import { atLeast, variables } from './machine.ts';

describe('doctor', () => {
  it('compares versions by number', () => {
    expect(atLeast('24.12.0', '24.12')).toBe(true);
    expect(atLeast('24.9.0', '24.12')).toBe(false);
    expect(atLeast('100.0.0', '24.12')).toBe(true);
  });
  it.each([
    [0.001, 'warning'],
    [0.5, 'ok'],
    [3, 'ok'],
    [80, 'warning'],
  ])('judges a flush of %d ms: %s', (ms, state) => expect(judged(ms).state).toBe(state));
  it('knows the variables, and what was probably meant', () => {
    expect(variables({ TENURE_PORT: '1', HOME: '/' })).toMatchObject([{ state: 'ok' }]);
    expect(variables({ TENURE_PROT: '1' })).toMatchObject([
      { state: 'warning', mend: 'Did you mean TENURE_PORT?' },
    ]);
    expect(variables({ TENURE_EVENT_LOG: 'kafka://a' })).toMatchObject([{ state: 'failed' }]);
  });
});
