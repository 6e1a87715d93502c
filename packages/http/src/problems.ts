// Refusals as problem+json (RFC 9457): the one place where an error code becomes an HTTP status.
import { isTenureError, TenureError, type ErrorData } from '@tenure/core';

/** `retryAfter`: seconds after which the same request may succeed. */
type Kind = { readonly status: number; readonly title: string; readonly retryAfter?: number };

export const PROBLEMS: Readonly<Record<string, Kind>> = {
  INVALID: { status: 400, title: 'The request is not valid' },
  UNAUTHENTICATED: { status: 401, title: 'A valid token is needed' },
  FORBIDDEN: { status: 403, title: 'Not allowed for this token' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not offered here' },
  ILLEGAL_STATE: { status: 409, title: 'Not allowed in this state' },
  ALREADY_EXISTS: { status: 409, title: 'It exists already' },
  CUSTOMER_ABSORBED: { status: 409, title: 'The customer was merged into another one' },
  IN_FLIGHT: { status: 409, title: 'The same command is still running', retryAfter: 1 },
  RESERVATION_PENDING: { status: 409, title: 'A reservation is not settled yet' },
  NO_OWNER_AVAILABLE: { status: 409, title: 'Nobody can take this now' },
  CLOCK_NOT_SET: { status: 409, title: 'The clock has not been set' },
  REPLAY_RUNNING: { status: 409, title: 'A replay of this projection is running' },
  CUSTOMER_ERASED: { status: 410, title: 'The customer was erased' },
  KEYS_DESTROYED: { status: 410, title: 'The customer was erased' },
  STALE_REVISION: { status: 412, title: 'Somebody was faster' },
  WRONG_EXPECTED_REVISION: { status: 412, title: 'Somebody was faster' },
  TOO_LARGE: { status: 413, title: 'The request is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'This content type is not understood' },
  IF_MATCH_REQUIRED: { status: 428, title: 'If-Match is needed' },
  CUSTOMER_MISMATCH: { status: 422, title: 'It belongs to another customer' },
  OCCURRED_AT_IN_FUTURE: { status: 422, title: 'occurredAt lies in the future' },
  OCCURRED_AT_TOO_OLD: { status: 422, title: 'occurredAt lies too far back' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The key was used for another request' },
  AMBIGUOUS_EXTERNAL_ID: { status: 422, title: 'Several systems have this id' },
  POLICY_MISSING: { status: 422, title: 'No policy holds at this date' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', retryAfter: 10 },
  INTERNAL: { status: 500, title: 'Something went wrong here' },
  BEHIND: { status: 503, title: 'The view has not caught up', retryAfter: 1 },
  OVERLOADED: { status: 503, title: 'Too much work at once', retryAfter: 1 },
  UNAVAILABLE: { status: 503, title: 'A part of the system is away', retryAfter: 2 },
  DISK_FULL: { status: 507, title: 'The disk is full', retryAfter: 10 },
};

// One code for one thing, whatever part of the house found it.
const SAME: Readonly<Record<string, string>> = {
  KEYS_DESTROYED: 'CUSTOMER_ERASED',
  WRONG_EXPECTED_REVISION: 'STALE_REVISION',
};

export type Problem = ErrorData & {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
};

const INTERNAL_DETAIL =
  'The server failed on this request. Nothing is half-done. Its log has the cause under the request id; sending the request again with the same Idempotency-Key is safe.';

const kindOf = (code: string, error: TenureError): Kind | undefined =>
  PROBLEMS[code] ??
  (error.data['rule'] === true
    ? { status: 422, title: 'A rule forbids this' }
    : error.retriable
      ? { status: 503, title: 'Not possible just now', retryAfter: 1 }
      : undefined);

/** The problem that tells a caller about an error. Unknown errors become INTERNAL and say nothing of their text. */
export const problemOf = (error: unknown, requestId: string): Problem => {
  const known = isTenureError(error) ? error : undefined;
  const code = known === undefined ? 'INTERNAL' : (SAME[known.code] ?? known.code);
  const kind = known === undefined ? undefined : kindOf(code, known);
  if (known === undefined || kind === undefined || kind.status === 500)
    return problem('INTERNAL', PROBLEMS['INTERNAL'] as Kind, INTERNAL_DETAIL, requestId, {});
  const { rule: _rule, ...data } = known.data;
  return problem(code, kind, known.message, requestId, data);
};

const problem = (code: string, kind: Kind, detail: string, requestId: string, data: ErrorData): Problem => ({
  ...data,
  type: `/docs/problems#${code}`,
  title: kind.title,
  status: kind.status,
  code,
  detail,
  requestId,
  ...(retryable(kind.status) && { retryable: true }),
});

const retryable = (status: number): boolean => status === 429 || status === 503 || status === 507;

/** Seconds for Retry-After; undefined where waiting does not help. */
export const retryAfter = (given: Problem): number | undefined =>
  PROBLEMS[given.code]?.retryAfter ?? (given.status === 503 ? 1 : undefined);

/** One thing that is wrong with a request. `path` is a JSON pointer of fields the schema knows, never of the input. */
export type Fault = { readonly path: string; readonly message: string };

/** 400 INVALID. */
export const invalid = (errors: readonly Fault[], detail = 'See errors for what to change.'): TenureError =>
  new TenureError('INVALID', detail, { errors });

export const notFound = (detail: string): TenureError => new TenureError('NOT_FOUND', detail);

/** 403 FORBIDDEN with the roles that may. */
export const forbidden = (needs: readonly string[], detail: string): TenureError =>
  new TenureError('FORBIDDEN', detail, { needs });
