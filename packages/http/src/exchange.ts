// What is known of a request while it is served.
import type { Response } from 'express';
import type { Principal } from './access.ts';

export type Exchange = {
  readonly requestId: string;
  readonly path: string;
  readonly search: string;
  /** ms, monotonic. */
  readonly started: number;
  /** Set by the authentication. */
  principal: Principal | undefined;
  /** Why there is no principal though a token was sent. */
  failure: unknown;
};

const PROPERTY = 'exchange';

/** Begins an exchange: the path and the query string apart, an id for the log. */
export const beginExchange = (
  response: Response,
  url: string,
  requestId: string,
  started: number,
): Exchange => {
  const mark = url.indexOf('?');
  const exchange: Exchange = {
    requestId,
    path: mark < 0 ? url : url.slice(0, mark),
    search: mark < 0 ? '' : url.slice(mark + 1),
    started,
    principal: undefined,
    failure: undefined,
  };
  response.locals[PROPERTY] = exchange;
  return exchange;
};

export const exchangeOf = (response: { readonly locals: object }): Exchange =>
  (response.locals as { readonly [PROPERTY]: Exchange })[PROPERTY];
