// The application: an Express shell around a table of routes. Order of what happens to a request: headers and id, host,
// token, rate, route (404, 405), permission (401, 403), body (413, 415, 400), handler, answer.
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { beginExchange, exchangeOf } from './exchange.ts';
import { dispatcher, failureHandler, type Serving } from './dispatch.ts';
import { invalid } from './problems.ts';
import { personLimit } from './limits.ts';
import { tokenOf } from './tokens.ts';

/** Nothing but ourselves: no inline script, no foreign origin, no frame. */
const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
    },
  },
  // The installation speaks plain HTTP on loopback; whoever ends TLS in front of it says this.
  strictTransportSecurity: false,
});

/** Puts the application together. */
export const expressApp = (serving: Serving): Express => {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.use(begin(serving), headers, oneHost, authenticate(serving), personLimit(serving.limits));
  app.use(dispatcher(serving));
  app.use(failureHandler(serving));
  return app;
};

const begin =
  (serving: Serving): RequestHandler =>
  (request, response, next) => {
    // Our own id always: one that came from outside could say anything.
    const exchange = beginExchange(response, request.url, serving.newId(), performance.now());
    response.setHeader('X-Request-Id', exchange.requestId);
    if (serving.stopping.aborted) response.setHeader('Connection', 'close');
    next();
  };

// Two Host headers: what is behind us might read the other one.
const oneHost: RequestHandler = (request, _response, next) => {
  let hosts = 0;
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    if (request.rawHeaders[i]?.toLowerCase() === 'host') hosts++;
  next(hosts > 1 ? invalid([{ path: '', message: 'there are two Host headers' }]) : undefined);
};

const authenticate =
  (serving: Serving): RequestHandler =>
  async (request, response, next) => {
    const exchange = exchangeOf(response);
    const token = tokenOf(request.headers.authorization, exchange.path.startsWith('/registry/'));
    try {
      if (token !== undefined) exchange.principal = await serving.verify(token);
    } catch (failure) {
      // Said once the route is known: a public one needs no token, so a wrong one does no harm.
      exchange.failure = failure;
    }
    next();
  };
