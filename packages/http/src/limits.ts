// How much one caller may ask for.
import { TenureError } from '@tenure/core';
import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { isPerson } from './access.ts';
import { exchangeOf } from './exchange.ts';

export type Limits = {
  /** A person (or an address without a token) within 10 s. No human needs more; a script belongs to a service role. */
  readonly personRequests: number;
};

export const LIMITS: Limits = { personRequests: 3_000 };

const WINDOW_MS = 10_000;

/** 429 for a person above the limit. Services and imports are bound by back-pressure instead. */
export const personLimit = (limits: Limits): RequestHandler =>
  rateLimit({
    windowMs: WINDOW_MS,
    limit: limits.personRequests,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    skip: (_, response) => {
      const { principal } = exchangeOf(response);
      return principal !== undefined && !isPerson(principal);
    },
    keyGenerator: (request, response) => {
      const { principal } = exchangeOf(response);
      return principal === undefined ? `address ${ipKeyGenerator(request.ip ?? '')}` : `sub ${principal.sub}`;
    },
    handler: (_request, _response, next) =>
      next(
        new TenureError(
          'TOO_MANY_REQUESTS',
          `More than ${limits.personRequests} requests in ten seconds. Wait, or use a service token.`,
        ),
      ),
  });
