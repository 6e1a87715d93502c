// What every adapter must decide alike: what an append may be, and what it means for the stream it meets.
import { TenureError } from '@tenure/core';
import type { Expected, NewEvent } from './event-store.ts';

/** A decider answers a handful of events; the import of a whole order takes some dozens. */
export const MAX_EVENTS_PER_APPEND = 1_000;
/** Four times the largest event that the codec lets through: only a mistake gets here. */
export const MAX_BODY_BYTES = 1 << 20;
/** Names are `<aggregate>-<uuid>`, keys are uuids; the limit keeps index pages useful. */
export const MAX_NAME_LENGTH = 512;

const ID_BYTES = 16;

/** The id of an event as its body carries it. The one place that knows where. */
export const eventIdOf = (body: Uint8Array): Uint8Array => body.subarray(0, ID_BYTES);

/** @throws INVALID_APPEND for an append that no state of the store could accept. */
export const checkAppend = (stream: string, expected: Expected, events: readonly NewEvent[]): void => {
  checkName('stream', stream);
  if (typeof expected === 'number' && (!Number.isSafeInteger(expected) || expected < 0))
    throw invalid('The expected revision must be a whole number from 0; a new stream is expected by "none".');
  if (events.length === 0) throw invalid('An append needs at least one event.');
  if (events.length > MAX_EVENTS_PER_APPEND)
    throw invalid(`An append takes at most ${MAX_EVENTS_PER_APPEND} events; split it.`);
  for (const event of events) checkEvent(event);
};

const checkEvent = ({ id, key, body }: NewEvent): void => {
  checkName('key', key);
  if (body.length > MAX_BODY_BYTES)
    throw invalid(`The body of an event takes at most ${MAX_BODY_BYTES} bytes.`, { id });
  if (!beginsWithId(body, id))
    throw invalid('The body of an event must begin with the 16 bytes of its id.', { id });
};

const checkName = (what: string, name: string): void => {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH)
    throw invalid(`A ${what} has 1 to ${MAX_NAME_LENGTH} characters.`);
};

const invalid = (detail: string, data: { readonly id?: string } = {}): TenureError =>
  new TenureError('INVALID_APPEND', detail, data);

const HYPHEN = 45;

// Runs for every event: compares digit by digit, without a copy of either form.
const beginsWithId = (body: Uint8Array, id: string): boolean => {
  let digits = 0;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code === HYPHEN) continue;
    const byte = body[digits >> 1];
    if (byte === undefined || digit(code) !== (digits % 2 === 0 ? byte >> 4 : byte & 15)) return false;
    digits++;
  }
  return digits === ID_BYTES * 2;
};

const digit = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
};

/** A stream as an append meets it. `revision` is that of its last event, −1 when it does not exist. */
export type Stream = {
  readonly revision: number;
  /** The id at a revision, as bytes. */
  idAt(revision: number): Uint8Array | undefined;
  /** Where an id stands that was appended under 'any' or 'exists'. */
  revisionOf(id: Uint8Array): number | undefined;
};

/** `repeats`: the append was written before; its last event stands at this revision. */
export type Verdict = 'write' | 'conflict' | { readonly repeats: number };

/** What an append means for a stream. Pure; asks for ids only when the expectation does not simply hold. */
export const judge = (expected: Expected, stream: Stream, events: readonly NewEvent[]): Verdict => {
  if (expected === 'any' || expected === 'exists') return judgeLoose(expected, stream, events);
  const before = expected === 'none' ? -1 : expected;
  if (before === stream.revision) return 'write';
  return isAt(stream, before + 1, events) ? { repeats: before + events.length } : 'conflict';
};

const judgeLoose = (expected: 'any' | 'exists', stream: Stream, events: readonly NewEvent[]): Verdict => {
  if (stream.revision < 0) return expected === 'any' ? 'write' : 'conflict';
  const known = events.map((event) => stream.revisionOf(eventIdOf(event.body)));
  const [first] = known;
  if (first === undefined) return known.every((revision) => revision === undefined) ? 'write' : 'conflict';
  return known.every((revision, i) => revision === first + i)
    ? { repeats: first + events.length - 1 }
    : 'conflict';
};

const isAt = (stream: Stream, from: number, events: readonly NewEvent[]): boolean =>
  from + events.length - 1 <= stream.revision &&
  events.every((event, i) => sameBytes(stream.idAt(from + i), eventIdOf(event.body)));

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);

/** The conflict as the port promises it. */
export const wrongExpectedRevision = (stream: string, expected: Expected, actual: number): TenureError =>
  new TenureError(
    'WRONG_EXPECTED_REVISION',
    actual < 0
      ? `The stream was expected as "${expected}" but does not exist. Load it again and decide anew.`
      : `The stream was expected as "${expected}" but stands at revision ${actual}. Load it again and decide anew.`,
    { stream, expected, actual },
  );

/** A store that cannot answer now. */
export const unavailable = (detail: string, cause?: unknown): TenureError =>
  new TenureError('UNAVAILABLE', detail, {}, { retriable: true, cause });
