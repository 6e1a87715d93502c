// Page cursors: the sort value and id of the last row, signed together with what the page was asked for, so that a cursor
// of one question is no answer to another and nobody steers a query by writing his own.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '@tenure/core';
import { invalid } from './problems.ts';

/** 96 bits: forging one gains a caller nothing but an odd page. */
const SIGNATURE_BYTES = 12;

const signatureOf = (secret: Uint8Array, question: unknown, payload: string): Buffer =>
  createHmac('sha256', secret)
    .update(canonicalJson(question))
    .update('\n')
    .update(payload)
    .digest()
    .subarray(0, SIGNATURE_BYTES);

/** `question`: route, filters and sort; `after`: what the next page begins behind. */
export const cursorOf = (secret: Uint8Array, question: unknown, after: unknown): string => {
  const payload = JSON.stringify(after);
  return Buffer.concat([signatureOf(secret, question, payload), Buffer.from(payload)]).toString('base64url');
};

/** What `cursorOf` was given. @throws INVALID for a cursor of another question or none of ours. */
export const afterOf = (secret: Uint8Array, question: unknown, cursor: string): unknown => {
  const bytes = Buffer.from(cursor, 'base64url');
  const payload = bytes.subarray(SIGNATURE_BYTES).toString('utf8');
  const given = bytes.subarray(0, SIGNATURE_BYTES);
  const expected = signatureOf(secret, question, payload);
  if (given.length !== SIGNATURE_BYTES || !timingSafeEqual(given, expected))
    throw invalid([
      { path: '/cursor', message: 'is not one of this list with these filters and this sort; start without' },
    ]);
  return JSON.parse(payload) as unknown;
};
