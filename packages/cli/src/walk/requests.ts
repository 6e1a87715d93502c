// The requests of a walk. Unlike other verbs it wants to see refusals and redirects, not to have them handled.
import { TenureError } from '@tenure/core';
import { connectionFailed } from '../api.ts';
import type { Server } from '../server.ts';
import type { Problem, SentRequest } from './run.ts';
import type { WalkCommand } from './step.ts';

type Raw = { readonly status: number; readonly location: string | null; readonly body: unknown };

const request = async (
  server: Server,
  method: 'GET' | 'POST',
  path: string,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly body?: object } = {},
): Promise<Raw> => {
  try {
    const response = await fetch(new URL(path, server.url), {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${server.token}`, accept: 'application/json', ...more.headers },
      ...(more.body !== undefined && { body: JSON.stringify(more.body) }),
    });
    const text = await response.text();
    return { status: response.status, location: response.headers.get('location'), body: parsed(text) };
  } catch (error) {
    throw connectionFailed(server.url, error);
  }
};

const parsed = (text: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new TenureError('NOT_TENURE', 'The server answered with something that is no JSON.');
  }
};

/** Sends a command as a person does: any revision, a key of its own. */
export const sendCommand = async (
  server: Server,
  { path, body }: WalkCommand,
  key: string,
): Promise<{ readonly sent: SentRequest; readonly problem: Problem | null }> => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, 'if-match': '*' };
  const { status, body: answer } = await request(server, 'POST', `/api${path}`, { headers, body });
  const sent = { method: 'POST', path: `/api${path}`, status };
  const problem = { where: `POST /api${path}`, path: '(status)', expected: '2xx', found: answer };
  return { sent, problem: status < 300 ? null : problem };
};

/** Reads a resource, a document not before it has folded these positions. */
export const readResource = (server: Server, path: string, positions: string): Promise<Raw> => {
  const waits = path.endsWith('/360') || path.endsWith('/churn');
  return request(server, 'GET', `/api${path}${waits && positions !== '' ? `?minPosition=${positions}` : ''}`);
};
