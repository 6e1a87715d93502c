import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent, span } from './spans.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  it('is read and written back', () => {
    const parsed = parseTraceparent(PARENT);
    expect(parsed?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(parsed === undefined ? undefined : formatTraceparent(parsed)).toBe(PARENT);
  });

  it.each([
    undefined,
    '',
    'x',
    PARENT.toUpperCase(),
    `${PARENT}-more`,
    PARENT.replace('00-', 'ff-'),
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  ])('is ignored when it is none: %s', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

describe('span', () => {
  it('hands the caller’s trace on when nothing records', async () => {
    expect(await span('work', { route: '/x' }, (inside) => inside.traceparent, PARENT)).toBe(PARENT);
  });

  it('has no trace to hand on without one', async () => {
    expect(await span('work', {}, (inside) => inside.traceparent)).toBeUndefined();
  });

  it('lets a failure through', async () => {
    await expect(span('work', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
