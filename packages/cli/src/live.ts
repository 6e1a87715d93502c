// A stream of server-sent events that goes on when its connection breaks: from the place where it was.
import type { IncomingMessage } from 'node:http';
import { text as wholeText } from 'node:stream/consumers';
import { isTenureError } from '@tenure/core';
import { connectionFailed, notTenure, problemError, starter } from './api.ts';
import { findServer } from './server.ts';
import type { Shell } from './shell.ts';

export type LiveEvent = { readonly event: string; readonly data: unknown };

/** Attempts in a row without an answer: with their pauses a server that restarts is back by then. */
const MAX_FRUITLESS = 14;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** The server says something every 15 s; a connection that is silent for longer is dead. */
const SILENT_MS = 45_000;
/** No event is longer; more without an end is something else. */
const MAX_EVENT = 4_194_304;

export type Following = {
  readonly role: string;
  readonly path: string;
  readonly stopped: AbortSignal;
};

/** Events until the signal is aborted. @throws what the server says, when waiting does not help */
export async function* followLive(shell: Shell, following: Following): AsyncGenerator<LiveEvent> {
  const { stopped } = following;
  let place: string | undefined;
  for (let fruitless = 0; !stopped.aborted;) {
    try {
      const response = await opened(shell, following, place);
      fruitless = 0; // it answered: whatever ends it now is a new reason
      for await (const block of blocksIn(response, shell)) {
        if (block.id !== undefined) place = block.id;
        if (block.event !== undefined) yield { event: block.event, data: block.data };
        if (stopped.aborted) return;
      }
    } catch (error) {
      if (stopped.aborted) return;
      if (!isTenureError(error) || !error.retriable || ++fruitless > MAX_FRUITLESS) throw error;
      if (fruitless === 1) shell.say(`waiting: ${error.message}`);
    }
    await shell.world.sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** fruitless));
  }
}

/** The server is found anew each time: after a restart it may have another port, and the token has an end. */
const opened = async (
  shell: Shell,
  { role, path, stopped }: Following,
  place: string | undefined,
): Promise<IncomingMessage> => {
  const server = await findServer(shell.world, shell.options, role);
  const url = new URL(path, server.url);
  const start = await starter(url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = start(url, {
      agent: false,
      signal: stopped,
      timeout: SILENT_MS,
      headers: {
        authorization: `Bearer ${server.token}`,
        accept: 'text/event-stream',
        ...(place !== undefined && { 'last-event-id': place }),
      },
    });
    request.on('response', resolve);
    request.on('timeout', () => request.destroy());
    request.on('error', (error) => reject(connectionFailed(server.url, error)));
    request.end();
  });
  if (response.statusCode === 200 && response.headers['content-type'] === 'text/event-stream')
    return response;
  throw await refusal(response, server.url);
};

const refusal = async (response: IncomingMessage, url: string): Promise<unknown> => {
  const status = response.statusCode ?? 0;
  if (status < 400) {
    response.destroy();
    return notTenure(url);
  }
  try {
    return problemError(status, JSON.parse(await wholeText(response)) as Readonly<Record<string, unknown>>);
  } catch {
    return problemError(status, {}); // a proxy's page: the status says enough
  }
};

type Block = { readonly id?: string; readonly event?: string; readonly data?: unknown };

async function* blocksIn(response: IncomingMessage, shell: Shell): AsyncGenerator<Block> {
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of response) {
      const parts = (rest + String(chunk)).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield blockOf(part);
      if (rest.length > MAX_EVENT) throw new RangeError('an event without an end');
    }
  } catch (error) {
    throw connectionFailed(shell.options.url ?? 'the server', error);
  } finally {
    response.destroy();
  }
}

const blockOf = (part: string): Block => {
  const field = (name: string): string | undefined =>
    part
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const [id, event, data] = [field('id'), field('event'), field('data')];
  return {
    ...(id !== undefined && { id }),
    ...(event !== undefined && data !== undefined && { event, data: JSON.parse(data) as unknown }),
  };
};
