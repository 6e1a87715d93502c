// Server-sent events: one-way live news with bounded memory. A reader that falls behind is closed; it comes back with the
// id of the last event it saw.
import type { ServerResponse } from 'node:http';
import { systemTimer, type Timer } from './audit.ts';
import type { Streaming } from './route.ts';

export type LiveEvent = {
  /** Opaque; comes back as Last-Event-ID. Without line breaks. */
  readonly id?: string;
  /** `customer`, `projection`, `reset`. */
  readonly event: string;
  readonly data: unknown;
};

export type LiveReader = {
  /** Sends one event; false when the reader is closed (gone, too slow, or ended). */
  readonly send: (event: LiveEvent) => boolean;
  /** Gives the reader a place to come back to, without an event. */
  readonly mark: (id: string) => boolean;
  /** Resolves when the reader has taken what was sent, or is gone: for those who send more than the news of a moment. */
  readonly drained: () => Promise<void>;
  /** Ends the stream from our side. */
  readonly end: () => void;
};

/** Proxies cut silent connections; some after 30 s. */
const COMMENT_MS = 15_000;
/** A reader so far behind will not catch up; it is better off with a fresh start. */
export const MAX_BEHIND_BYTES = 1 << 20;

export type LiveOptions = {
  /** Ends every stream: the server stops. */
  readonly stopping: AbortSignal;
  /** ms until the stream has to end (its token does); undefined: never. */
  readonly lifetimeMs?: number;
  /** Where the reader stands, told with every comment: a quiet stream must not lose its place. */
  readonly cursor?: () => string;
  readonly timer?: Timer;
};

/** setTimeout takes no more; a stream that long has been reopened many times before. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const lineOf = (name: string, value: string): string =>
  // A line break would begin another field: nothing from outside may do that.
  `${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}\n`;

/** The text of an event. JSON has no line breaks of its own. */
export const liveText = ({ id, event, data }: LiveEvent): string =>
  `${id === undefined ? '' : lineOf('id', id)}${lineOf('event', event)}${lineOf('data', JSON.stringify(data))}\n`;

/** An answer that streams events. `begin` gets the reader and answers what stops the feeding. */
export const liveStream = (begin: (reader: LiveReader) => () => void, options: LiveOptions): Streaming => ({
  stream: (response, request) =>
    new Promise((resolve) => {
      const { stopping, lifetimeMs, cursor, timer = systemTimer } = options;
      let open = true;
      let unfeed: (() => void) | undefined;
      const cancels: (() => void)[] = [];
      const close = (how: 'end' | 'cut'): void => {
        if (!open) return;
        open = false;
        for (const cancel of cancels) cancel();
        stopping.removeEventListener('abort', end);
        unfeed?.();
        if (how === 'end') response.end();
        else response.destroy();
        resolve();
      };
      const end = (): void => close('end');
      const write = (text: string): boolean => {
        if (open && response.writableLength + text.length > MAX_BEHIND_BYTES) close('cut');
        if (open) response.write(text);
        return open;
      };
      const comment = (): void => {
        write(cursor === undefined ? ': \n\n' : `: \n${lineOf('id', cursor())}\n`);
        cancels[0] = timer(comment, COMMENT_MS);
      };
      startStream(response);
      response.on('close', () => close('cut'));
      stopping.addEventListener('abort', end);
      cancels.push(timer(comment, COMMENT_MS));
      if (lifetimeMs !== undefined) cancels.push(timer(end, Math.min(lifetimeMs, MAX_TIMER_MS)));
      unfeed = begin({
        send: (event) => write(liveText(event)),
        mark: (id) => write(`${lineOf('id', id)}\n`),
        drained: () => drained(response),
        end,
      });
      // It may have ended while it began.
      if (!open) unfeed();
      if (stopping.aborted || request.method === 'HEAD') end();
      // Who left before his stream began sends no further sign of it.
      else if (response.closed) close('cut');
    }),
});

const drained = (response: ServerResponse): Promise<void> =>
  !response.writableNeedDrain || response.closed
    ? Promise.resolve()
    : new Promise((resolve) => {
        const over = (): void => {
          response.off('drain', over);
          response.off('close', over);
          resolve();
        };
        response.on('drain', over);
        response.on('close', over);
      });

const startStream = (response: ServerResponse): void => {
  response.statusCode = 200;
  response.setHeader('Content-Type', 'text/event-stream');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
};
