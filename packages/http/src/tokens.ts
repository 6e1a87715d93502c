// Bearer tokens: JWTs checked with jose against one issuer and audience, by a secret of the installation (embedded) or
// the key set of an identity provider. Time is wall time, whatever the deployment's clock says.
import { hash } from 'node:crypto';
import { TenureError } from '@tenure/core';
import type { Actor } from '@tenure/core';
import { createRemoteJWKSet, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { isPerson, type Principal } from './access.ts';

export const AUDIENCE = 'tenure';
export const EMBEDDED_ISSUER = 'tenure:embedded';

/** `secret`: HS256, at least 32 bytes · `jwks`: where the identity provider publishes its keys. */
export type AuthOptions = {
  readonly issuer: string;
  /** Wall time in ms. */
  readonly now: () => number;
} & ({ readonly secret: Uint8Array } | { readonly jwks: URL });

/** Checks a token. @throws UNAUTHENTICATED */
export type Verify = (token: string) => Promise<Principal>;

/** Honest clocks differ by less. */
const CLOCK_SKEW_S = 60;
/** A token in use is checked once a minute, not at every request: a revoked key works so long at most. */
const REMEMBERED_MS = 60_000;
/** Tokens of one deployment's callers; more than these are checked at every request. */
const MAX_REMEMBERED = 2_000;
/** Personal data for analysis needs a short token with a purpose. */
const MAX_PURPOSE_S = 8 * 3600;
/** No token we make or know of is longer; anything else is not worth hashing. */
const MAX_TOKEN_LENGTH = 8_192;

const ASYMMETRIC = ['RS256', 'PS256', 'ES256', 'EdDSA'];

export const verifier = (options: AuthOptions): Verify => {
  const rules = (algorithms: string[]): JWTVerifyOptions => ({
    algorithms,
    issuer: options.issuer,
    audience: AUDIENCE,
    typ: 'at+jwt',
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCK_SKEW_S,
    currentDate: new Date(options.now()),
  });
  const keys = 'jwks' in options ? createRemoteJWKSet(options.jwks) : undefined;
  const check = async (token: string): Promise<JWTPayload> => {
    const { payload } =
      'secret' in options || keys === undefined
        ? await jwtVerify(token, secretOf(options), rules(['HS256']))
        : await jwtVerify(token, keys, rules(ASYMMETRIC));
    return payload;
  };
  return remembered(options, async (token) => {
    try {
      return principalOf(await check(token));
    } catch (error) {
      throw refusedToken(error);
    }
  });
};

const secretOf = (options: AuthOptions): Uint8Array => {
  if (!('secret' in options)) throw new TypeError('There is no secret to check HS256 tokens with.');
  return options.secret;
};

/** Keeps what was verified under the token's digest, for a minute and never beyond the token's end. */
const remembered = (options: AuthOptions, check: Verify): Verify => {
  const known = new Map<string, { readonly principal: Principal; readonly until: number }>();
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw unauthenticated();
    const digest = hash('sha256', token, 'base64');
    const now = options.now();
    const found = known.get(digest);
    if (found !== undefined && now < found.until) return found.principal;
    known.delete(digest);
    const principal = await check(token);
    const until = Math.min(now + REMEMBERED_MS, (principal.expiresAt + CLOCK_SKEW_S) * 1000);
    if (known.size >= MAX_REMEMBERED)
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    known.set(digest, { principal, until });
    return principal;
  };
};

const unauthenticated = (retriable = false): TenureError =>
  retriable
    ? new TenureError(
        'UNAVAILABLE',
        'The keys of the identity provider cannot be read now.',
        {},
        { retriable },
      )
    : new TenureError(
        'UNAUTHENTICATED',
        'Send a valid token as "Authorization: Bearer …" (tenure token ROLE makes one): it must not be expired and must name this audience and issuer.',
      );

// jose tells by `code` what was wrong. The caller only learns that the token is no good; an identity provider that does
// not answer is another matter.
const refusedToken = (error: unknown): TenureError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const ours = code.startsWith('ERR_JWT') || code.startsWith('ERR_JWS') || code.startsWith('ERR_JOSE');
  const noKey = code === 'ERR_JWKS_NO_MATCHING_KEY' || code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS';
  return unauthenticated(!ours && !noKey && code !== 'UNAUTHENTICATED');
};

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const principalOf = (payload: JWTPayload): Principal => {
  const sub = text(payload.sub);
  const { exp, iat } = payload;
  if (sub === undefined || exp === undefined) throw unauthenticated();
  const roles = texts(payload['roles']);
  const agent = text(payload['agent']);
  const short = iat !== undefined && exp - iat <= MAX_PURPOSE_S;
  return {
    sub,
    roles,
    agent,
    teams: texts(payload['teams']),
    actor: actorOf(roles, agent ?? sub),
    purpose: short ? text(payload['purpose']) : undefined,
    expiresAt: exp,
  };
};

const actorOf = (roles: readonly string[], id: string): Actor => {
  if (isPerson({ roles })) return { kind: 'user', id };
  return { kind: roles.includes('import') ? 'import' : 'process', id };
};

/** What a token of the installation says. `ttl` in seconds. */
export type TokenClaims = {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly agent?: string;
  readonly teams?: readonly string[];
  readonly purpose?: string;
  readonly ttl: number;
};

/** Signs a token with the installation's secret. `now`: wall time in ms. */
export const signToken = async (
  secret: Uint8Array,
  claims: TokenClaims,
  now: number,
  issuer: string = EMBEDDED_ISSUER,
): Promise<string> => {
  const { sub, ttl, ...rest } = claims;
  const issued = Math.floor(now / 1000);
  return new SignJWT({ ...rest })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setIssuedAt(issued)
    .setExpirationTime(issued + ttl)
    .sign(secret);
};

/** The token of an Authorization header: Bearer, or (where `basic` is allowed) the password of Basic. */
export const tokenOf = (header: string | undefined, basic: boolean): string | undefined => {
  const [scheme = '', value = ''] = (header ?? '').split(' ', 2);
  if (/^bearer$/i.test(scheme) && value !== '') return value;
  if (!basic || !/^basic$/i.test(scheme)) return undefined;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return password === '' ? undefined : password;
};
