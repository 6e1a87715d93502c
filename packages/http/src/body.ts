// Reads a JSON body: at most 100 kB of valid UTF-8, checked before anything looks at it.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { TenureError } from '@tenure/core';
import { checkPlain } from './input.ts';
import { invalid } from './problems.ts';

/** A command has no reason to be larger; imports are streams of such. */
export const MAX_BODY_BYTES = 100_000;

export const tooLarge = (): TenureError =>
  new TenureError('TOO_LARGE', `A body (or a line of many) is at most ${MAX_BODY_BYTES} bytes.`, {
    limit: MAX_BODY_BYTES,
  });

/** 415 unless the content type is one of the expected ones, in UTF-8, and not compressed. */
export const checkContentType = (request: IncomingMessage, expected: readonly string[]): void => {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (
    !expected.includes(type.trim()) ||
    (charset !== undefined && !/^charset="?utf-8"?$/.test(charset)) ||
    encoding !== 'identity'
  )
    throw new TenureError(
      'UNSUPPORTED_MEDIA_TYPE',
      `Send the body as ${expected.join(' or ')}, UTF-8, without content encoding.`,
      { expected },
    );
};

const isEmpty = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] === undefined && (request.headers['content-length'] ?? '0') === '0';

const JSON_TYPES = ['application/json'];

/** The parsed body; `{}` for none. @throws UNSUPPORTED_MEDIA_TYPE, TOO_LARGE, INVALID */
export const readJson = async (
  request: IncomingMessage,
  types: readonly string[] = JSON_TYPES,
): Promise<unknown> => {
  if (isEmpty(request)) return {};
  checkContentType(request, types);
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const bytes = await readAll(request);
  return bytes.length === 0 ? {} : parseJson(bytes);
};

/** 100 kB arrive in less on any line; a body that trickles in holds a connection for nothing. */
const MAX_BODY_MS = 30_000;

const readAll = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let whole = false;
    const late = setTimeout(() => reject(broken('did not arrive within 30 s')), MAX_BODY_MS);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) reject(tooLarge());
      else chunks.push(chunk);
    });
    request.on('end', () => {
      whole = true;
      clearTimeout(late);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.on('close', () => {
      clearTimeout(late);
      if (!whole) reject(broken('broke off'));
    });
    request.on('error', reject);
  });

const broken = (message: string): TenureError => invalid([{ path: '', message }]);

/** @throws INVALID for what is no UTF-8, no JSON or not plain. */
export const parseJson = (bytes: Buffer): unknown => {
  if (!isUtf8(bytes)) throw invalid([{ path: '', message: 'is not UTF-8' }]);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's own message quotes the input.
    throw invalid([{ path: '', message: 'is not JSON' }]);
  }
  checkPlain(value);
  return value;
};
