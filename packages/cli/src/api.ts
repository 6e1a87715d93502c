// One request to the server and its JSON answer.
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { TenureError } from '@tenure/core';
import type { Server } from './server.ts';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
};

type Start = (url: URL, options: RequestOptions) => ReturnType<typeof httpRequest>;

/** How to start a request to this address; TLS is loaded when it is needed. */
export const starter = async (url: URL): Promise<Start> =>
  url.protocol === 'https:' ? (await import('node:https')).request : httpRequest;

/** A customer that was merged into another one answers with the other's path. */
const MOVED = 308;
/** A chain of merges that is longer goes in circles. */
const MAX_HOPS = 5;

/**
 * Sends a request and waits for its answer, as long as it takes.
 * @throws the server's problem as an error with its code and `data.status`; CONNECTION_FAILED (retriable); NOT_TENURE
 */
export const call = async (
  server: Server,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  hops = 0,
): Promise<Answer> => {
  const url = new URL(path, server.url);
  // The token is for this server alone.
  if (url.origin !== new URL(server.url).origin) throw notTenure(server.url);
  const start = await starter(url);
  const content = body === undefined ? undefined : JSON.stringify(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = start(url, {
      method,
      headers: {
        authorization: `Bearer ${server.token}`,
        accept: 'application/json',
        ...(content !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(content),
        }),
      },
    });
    request.on('response', resolve);
    request.on('error', (error) => reject(connectionFailed(server.url, error)));
    request.end(content);
  });
  const { location } = response.headers;
  if (response.statusCode === MOVED && method === 'GET' && location !== undefined && hops < MAX_HOPS) {
    response.resume();
    return call(server, method, location, undefined, hops + 1);
  }
  const answered = await readAnswer(server, response);
  if (answered.status >= 400) throw problemError(answered.status, answered.body);
  return answered;
};

const readAnswer = async (server: Server, response: IncomingMessage): Promise<Answer> => {
  const status = response.statusCode ?? 0;
  let content: string;
  try {
    content = await text(response);
  } catch (error) {
    throw connectionFailed(server.url, error);
  }
  return { status, headers: response.headers, body: objectIn(content, server.url) };
};

const objectIn = (content: string, url: string): Answer['body'] => {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === 'object' && value !== null) return value as Answer['body'];
  } catch {
    // told below: a proxy's page is no JSON
  }
  throw notTenure(url);
};

export const notTenure = (url: string): TenureError =>
  new TenureError(
    'NOT_TENURE',
    `What answers at ${url} is no Tenure server. Check --url, --data and the port.`,
  );

/** The refusal of a server (problem+json) as an error. */
export const problemError = (status: number, problem: Readonly<Record<string, unknown>>): TenureError => {
  const { code, detail, title, ...data } = problem;
  const said = typeof detail === 'string' ? detail : typeof title === 'string' ? title : '';
  const known = typeof code === 'string' ? code : `HTTP_${status}`;
  const needs = data['needs'];
  const who = Array.isArray(needs) ? ` It needs one of the roles ${needs.join(', ')}.` : '';
  return new TenureError(
    known,
    `${said === '' ? `The server answered ${status}.` : said}${who}`,
    { ...data, status },
    { retriable: status === 429 || status === 503 || status === 507 },
  );
};

/** The connection could not be made, or broke. */
export const connectionFailed = (url: string, error: unknown): TenureError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'closed';
  const refused = code === 'ECONNREFUSED';
  return new TenureError(
    refused ? 'SERVER_NOT_RUNNING' : 'CONNECTION_FAILED',
    refused
      ? `Nothing listens at ${url}. Start the server with "tenure serve", or name another with --url or --data.`
      : `The connection to ${url} broke (${code}). Look whether the server still runs: tenure status.`,
    { cause: code },
    { retriable: true },
  );
};
