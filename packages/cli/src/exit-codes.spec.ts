import { TenureError } from '@tenure/core';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from './exit-codes.ts';

describe('exit codes', () => {
  const refusal = (code: string, status: number) => new TenureError(code, 'no', { status });

  it.each([
    ['a wrong request', refusal('INVALID', 400), 2],
    ['no valid token', refusal('UNAUTHENTICATED', 401), 4],
    ['a token that may not', refusal('FORBIDDEN', 403), 4],
    ['something that is not there', refusal('NOT_FOUND', 404), 3],
    ['a replay that runs already', refusal('REPLAY_RUNNING', 409), 5],
    ['a stale revision', refusal('STALE_REVISION', 412), 5],
    ['a broken rule', refusal('LINE_TOTAL_WRONG', 422), 1],
    ['a server in trouble', refusal('INTERNAL', 500), 1],
    ['a server that does not run', new TenureError('SERVER_NOT_RUNNING', 'no'), 1],
    ['a mapping that is wrong', new TenureError('MAPPING_INVALID', 'no'), 2],
    ['a file that is not there', new TenureError('FILE_UNREADABLE', 'no'), 3],
    ['a missing --yes', new TenureError('CONFIRMATION_NEEDED', 'no'), 2],
    ['an end of patience', new TenureError('TIMED_OUT', 'no'), 8],
    ['what nobody foresaw', new TypeError('x is not a function'), 1],
  ])('tell %s', (_, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
