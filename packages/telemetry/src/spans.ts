// Spans through the OpenTelemetry API alone: without an SDK they cost next to nothing and still carry the caller's
// `traceparent` on, because a span that records nothing keeps the context of its parent.
import {
  ROOT_CONTEXT,
  SpanStatusCode,
  context,
  isSpanContextValid,
  trace,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import type { Attributes } from './metrics.ts';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Reads a W3C `traceparent`; undefined for anything that is none (a caller's mistake must not fail the request). */
export const parseTraceparent = (text: string | undefined): SpanContext | undefined => {
  const match = text === undefined ? null : TRACEPARENT.exec(text);
  if (match === null || text?.startsWith('ff') === true) return undefined;
  const [, traceId = '', spanId = '', flags = '0'] = match;
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parsed) ? parsed : undefined;
};

/** The W3C `traceparent` that hands a span on; undefined for a span of no trace. */
export const formatTraceparent = (span: SpanContext): string | undefined =>
  isSpanContextValid(span)
    ? `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`
    : undefined;

/** What the traced function gets: the `traceparent` to hand on, and a way to add attributes later. */
export type InSpan = {
  readonly traceparent: string | undefined;
  readonly set: (attributes: Attributes) => void;
};

const inSpan = (span: Span): InSpan => ({
  traceparent: formatTraceparent(span.spanContext()),
  set: (attributes) => void span.setAttributes(attributes),
});

/**
 * Runs `run` inside a span. `parent` is the caller's traceparent; without it the active span is the parent.
 * Attributes never hold personal data. A failure marks the span with the error's code, never with its text.
 */
export const span = async <T>(
  name: string,
  attributes: Attributes,
  run: (span: InSpan) => Promise<T> | T,
  parent?: string,
): Promise<T> => {
  const remote = parseTraceparent(parent);
  const from = remote === undefined ? context.active() : trace.setSpanContext(ROOT_CONTEXT, remote);
  const started = trace.getTracer('tenure').startSpan(name, { attributes }, from);
  try {
    return await context.with(trace.setSpan(from, started), () => run(inSpan(started)));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
    started.setStatus({ code: SpanStatusCode.ERROR, message: code });
    throw error;
  } finally {
    started.end();
  }
};
