// Which tokens the edge takes.
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOW, SECRET, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.audited.length = 0;
});

const signed = async (
  change: (jwt: SignJWT) => SignJWT,
  secret: Uint8Array = SECRET,
  header: { alg: string; typ?: string } = { alg: 'HS256', typ: 'at+jwt' },
) =>
  change(
    new SignJWT({ roles: ['admin'] })
      .setProtectedHeader(header)
      .setSubject('someone')
      .setIssuer('tenure:embedded')
      .setAudience('tenure')
      .setIssuedAt(NOW / 1000)
      .setExpirationTime(NOW / 1000 + 60),
  ).sign(secret);

const status = async (token: string, scheme = 'Bearer') =>
  (await world.call('GET', '/api/boxes', { roles: null, headers: { authorization: `${scheme} ${token}` } }))
    .status;

describe('a token', () => {
  it('is taken when all is right', async () => expect(await status(await signed((jwt) => jwt))).toBe(200));

  it('may be 60 s past its end', async () => {
    expect(await status(await signed((jwt) => jwt.setExpirationTime(NOW / 1000 - 50)))).toBe(200);
    expect(await status(await signed((jwt) => jwt.setExpirationTime(NOW / 1000 - 70)))).toBe(401);
  });

  it.each([
    ['another issuer', (jwt: SignJWT) => jwt.setIssuer('else')],
    ['another audience', (jwt: SignJWT) => jwt.setAudience('else')],
    ['no subject', (jwt: SignJWT) => jwt.setSubject('')],
    ['a start to come', (jwt: SignJWT) => jwt.setNotBefore(NOW / 1000 + 100)],
  ])('is refused with %s', async (_, change) => expect(await status(await signed(change))).toBe(401));

  it('is refused without an end', async () => {
    const jwt = new SignJWT({ roles: ['admin'] })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject('someone')
      .setIssuer('tenure:embedded')
      .setAudience('tenure');
    expect(await status(await jwt.sign(SECRET))).toBe(401);
  });

  it('is refused with another secret, another algorithm, none at all', async () => {
    expect(await status(await signed((jwt) => jwt, Buffer.alloc(32, 9)))).toBe(401);
    expect(
      await status(await signed((jwt) => jwt, Buffer.alloc(64, 7), { alg: 'HS512', typ: 'at+jwt' })),
    ).toBe(401);
    expect(await status(await signed((jwt) => jwt, SECRET, { alg: 'HS256', typ: 'JWT' }))).toBe(401);
    expect(await status(await signed((jwt) => jwt, SECRET, { alg: 'HS256' }))).toBe(401);
    const [, payload] = (await signed((jwt) => jwt)).split('.');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    expect(await status(`${none}.${payload}.`)).toBe(401);
    expect(await status('x'.repeat(9_000))).toBe(401);
    expect(await status(Buffer.from(`:${await signed((jwt) => jwt)}`).toString('base64'), 'Basic')).toBe(401);
  });

  it('is asked for, and its refusal is audited', async () => {
    const answer = await world.call('GET', '/api/boxes', { roles: null });
    expect(answer).toMatchObject({ status: 401, json: { code: 'UNAUTHENTICATED' } });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(world.audited).toMatchObject([{ kind: 'refused', sub: null, code: 'UNAUTHENTICATED' }]);
  });
});
