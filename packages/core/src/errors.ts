// Errors carry a stable `code`; the HTTP status for it is decided in packages/http alone.

/** What a caller may need beyond the sentence: ids, versions, names. Never personal data, never the input itself. */
export type ErrorData = Readonly<Record<string, unknown>>;

/**
 * The one error class of the platform. `code` is stable, `detail` says what happened and what to do,
 * `retriable` (infrastructure only) says that the same call may succeed later.
 */
export class TenureError extends Error {
  readonly code: string;
  readonly data: ErrorData;
  readonly retriable: boolean;

  constructor(
    code: string,
    detail: string,
    data: ErrorData = {},
    options: { retriable?: boolean; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TenureError';
    this.code = code;
    this.data = data;
    this.retriable = options.retriable ?? false;
  }
}

/** True for a TenureError with this code, also one that crossed a thread (recognised by `code`, not by class). */
export const isTenureError = (error: unknown, code?: string): error is TenureError =>
  error instanceof Error && 'code' in error && 'data' in error && (code === undefined || error.code === code);

/** A refusal by a rule of the domain (HTTP 422) under its own stable code. */
export const ruleViolated = (code: string, detail: string, data?: ErrorData): TenureError =>
  new TenureError(code, detail, { rule: true, ...data });

/** The plain form of an error that crosses a thread or a socket. */
export type PlainError = {
  readonly code: string;
  readonly detail: string;
  readonly data: ErrorData;
  readonly retriable: boolean;
};

export const toPlainError = (error: unknown): PlainError =>
  isTenureError(error)
    ? { code: error.code, detail: error.message, data: error.data, retriable: error.retriable }
    : {
        code: 'INTERNAL',
        detail: error instanceof Error ? error.message : String(error),
        data: {},
        retriable: false,
      };

export const fromPlainError = (plain: PlainError): TenureError =>
  new TenureError(plain.code, plain.detail, plain.data, { retriable: plain.retriable });
