// `/ops/events` as a live stream.
import type { IncomingHttpHeaders } from 'node:http';
import { TenureError } from '@tenure/core';
import {
  afterOf,
  cursorOf,
  invalid,
  liveStream,
  systemTimer,
  type Kit,
  type ProcessPorts,
  type RouteRequest,
  type Streaming,
} from '@tenure/http';
import { tailStart, tailTo, type TailPlace } from '../event-tail.ts';
import { checkSources } from './known-sources.ts';
import { shown } from './shown-event.ts';

/** People do not see the difference; the heads of all lanes cost a look at every store. */
const LOOK_MS = 250;
/** Each reads the log for itself. */
const MAX_TAILS = 20;

export type LiveQuery = {
  readonly source?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
  readonly key?: string | undefined;
  readonly from?: number | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

type Asked = Pick<RouteRequest, 'principal' | 'headers'> & { readonly query: LiveQuery };

export const wantsStream = ({ accept }: IncomingHttpHeaders): boolean =>
  (accept ?? '').split(',').some((part) => part.trim().startsWith('text/event-stream'));

/** The newest seq of every lane, asked for once for all who want it within a moment. */
export type RecentHeads = { readonly heads: () => Promise<TailPlace>; tails: number };

export const recentHeads = (heads: ProcessPorts['heads']): RecentHeads => {
  let last: { readonly at: number; readonly answer: Promise<TailPlace> } | undefined;
  const ask = async (): Promise<TailPlace> =>
    Object.fromEntries(Object.entries(await heads()).map(([source, { lanes }]) => [source, lanes]));
  return {
    tails: 0,
    heads() {
      const now = performance.now();
      if (last === undefined || now - last.at >= LOOK_MS) last = { at: now, answer: ask() };
      return last.answer;
    },
  };
};

/** @throws INVALID for a page's parameters, NOT_FOUND for an unknown source, TOO_MANY_REQUESTS */
export const liveEvents = async (recent: RecentHeads, asked: Asked, kit: Kit): Promise<Streaming> => {
  const { query, principal, headers } = asked;
  if (query.limit !== undefined || query.cursor !== undefined)
    throw invalid([{ path: '', message: 'limit and cursor are for pages, not for a stream' }]);
  const known = Object.keys(await recent.heads()).toSorted();
  const sources = query.source ?? known;
  checkSources(sources, known);
  const filter = { sources, types: query.type, key: query.key };
  const question = ['/ops/events live', sources, query.type ?? null, query.key ?? null];
  const lastId = headers['last-event-id'];
  const start =
    typeof lastId === 'string'
      ? (afterOf(kit.cursorSecret, question, lastId) as TailPlace)
      : await tailStart(kit, filter, query.from);
  takePlace(recent);
  const tailing = {
    kit,
    query: filter,
    start,
    heads: recent.heads,
    cursorOf: (place: TailPlace) => cursorOf(kit.cursorSecret, question, place),
    shown,
    pause,
  };
  return liveStream(
    (reader) => {
      const stop = tailTo(tailing, reader);
      return () => {
        stop();
        recent.tails--;
      };
    },
    {
      stopping: kit.stopping,
      lifetimeMs: Math.max(0, principal.expiresAt * 1000 - kit.wallClock()),
    },
  );
};

/** @throws TOO_MANY_REQUESTS */
const takePlace = (recent: RecentHeads): void => {
  if (recent.tails >= MAX_TAILS)
    throw new TenureError(
      'TOO_MANY_REQUESTS',
      `There are ${MAX_TAILS} live streams of events already. Close one, or read pages.`,
    );
  recent.tails++;
};

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const cancel = systemTimer(resolve, LOOK_MS);
    signal.addEventListener(
      'abort',
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
