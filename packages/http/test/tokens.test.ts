import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { signToken, tokenOf, verifier } from '../src/index.ts';
import { NOW, SECRET } from './world.ts';

const ISSUER = 'https://login.example.org';
let provider: Server | undefined;
afterEach(async () => {
  provider?.closeAllConnections();
  await new Promise<void>((resolve) =>
    provider === undefined ? resolve() : provider.close(() => resolve()),
  );
  provider = undefined;
});

const publish = async (keys: readonly object[]): Promise<URL> => {
  provider = createServer((_, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => provider?.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`);
};

const signed = (key: CryptoKey, kid: string, alg = 'ES256'): Promise<string> =>
  new SignJWT({ roles: ['agent'], agent: 'agent-1', teams: ['T1'] })
    .setProtectedHeader({ alg, typ: 'at+jwt', kid })
    .setSubject('ada')
    .setIssuer(ISSUER)
    .setAudience('tenure')
    .setIssuedAt(NOW / 1000)
    .setExpirationTime(NOW / 1000 + 600)
    .sign(key);

describe('tokens of an identity provider', () => {
  it('are checked against its published keys', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwks = await publish([{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }]);
    const verify = verifier({ issuer: ISSUER, jwks, now: () => NOW });
    expect(await verify(await signed(privateKey, 'k1'))).toMatchObject({
      sub: 'ada',
      roles: ['agent'],
      agent: 'agent-1',
      teams: ['T1'],
      actor: { kind: 'user', id: 'agent-1' },
    });
    const other = await generateKeyPair('ES256');
    await expect(verify(await signed(other.privateKey, 'k1'))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await expect(verify(await signed(privateKey, 'k2'))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    // The public key taken for a secret: the oldest trick.
    const forged = await signToken(SECRET, { sub: 'ada', roles: ['admin'], ttl: 600 }, NOW, ISSUER);
    await expect(verify(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('say that the provider is away when it is', async () => {
    const jwks = await publish([]);
    provider?.closeAllConnections();
    await new Promise<void>((resolve) => provider?.close(() => resolve()));
    provider = undefined;
    const { privateKey } = await generateKeyPair('ES256');
    const verify = verifier({ issuer: ISSUER, jwks, now: () => NOW });
    await expect(verify(await signed(privateKey, 'k1'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retriable: true,
    });
  });
});

describe('a remembered token', () => {
  it('ends when it ends', async () => {
    let now = NOW;
    const verify = verifier({ issuer: 'tenure:embedded', secret: SECRET, now: () => now });
    const token = await signToken(SECRET, { sub: 'x', roles: ['admin'], ttl: 10 }, NOW);
    await verify(token);
    now += 69_000;
    expect(await verify(token)).toMatchObject({ sub: 'x', expiresAt: NOW / 1000 + 10 });
    now += 2_000;
    await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is not another token', async () => {
    const verify = verifier({ issuer: 'tenure:embedded', secret: SECRET, now: () => NOW });
    const token = await signToken(SECRET, { sub: 'x', roles: ['import'], ttl: 10 }, NOW);
    expect((await verify(token)).actor).toEqual({ kind: 'import', id: 'x' });
    await expect(verify(`${token}x`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('tokenOf', () => {
  it.each([
    ['Bearer abc', false, 'abc'],
    ['bearer abc', false, 'abc'],
    [`Basic ${Buffer.from('me:abc').toString('base64')}`, true, 'abc'],
    [`Basic ${Buffer.from('me:abc').toString('base64')}`, false, undefined],
    ['Bearer', true, undefined],
    ['abc', true, undefined],
    [undefined, true, undefined],
  ])('%s (basic %s): %s', (header, basic, token) => expect(tokenOf(header, basic)).toBe(token));
});
