import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createApp, listen, type ListeningServer } from '../src/index.ts';
import { result, startWorld, type World } from './world.ts';

const started = async (
  stopWithinMs?: number,
): Promise<{ world: World; listening: ListeningServer; stopping: AbortController }> => {
  const world = await startWorld();
  const stopping = new AbortController();
  const { app } = createApp({ ...world.options, stopping: stopping.signal });
  const options = {
    host: '127.0.0.1',
    port: 0,
    stopping,
    ...(stopWithinMs !== undefined && { stopWithinMs }),
  };
  return { world, listening: await listen(app, options), stopping };
};

describe('a stop', () => {
  it('answers what is in flight, says that it is not ready, and closes kept connections', async () => {
    const { world, listening, stopping } = await started();
    const held = Promise.withResolvers<void>();
    world.answer = async (request) => {
      await held.promise;
      return result(request);
    };
    const headers = { authorization: `Bearer ${await world.token(['admin'])}` };
    const inFlight = fetch(`${listening.url}/api/boxes`, { method: 'POST', headers });
    // A kept connection on which nothing happens must not hold the stop.
    const idle = connect(Number(new URL(listening.url).port), '127.0.0.1');
    idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    await vi.waitFor(() => expect(world.sent).toHaveLength(1));
    const kept = connect(Number(new URL(listening.url).port), '127.0.0.1');
    kept.write('GET /readyz HTTP/1.1\r\nHost: x\r\n');
    await new Promise((resolve) => kept.once('connect', resolve));
    await vi.waitFor(async () => {
      const count = await new Promise<number>((resolve) =>
        listening.server.getConnections((_, n) => resolve(n)),
      );
      expect(count).toBe(3);
    });

    const stopped = listening.stop();
    expect(stopping.signal.aborted).toBe(true);
    const answered = new Promise<string>((resolve) => kept.once('data', (chunk) => resolve(String(chunk))));
    kept.write('\r\n');
    const notReady = await answered;
    expect(notReady).toContain('503 Service Unavailable');
    expect(notReady).toContain('the server is stopping');
    expect(notReady).toMatch(/connection: close/i);
    held.resolve();
    const answer = await inFlight;
    expect(answer.status).toBe(201);
    await stopped;
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow('fetch failed');
    await listening.stop();
    await world.close();
  });

  it('cuts what does not end in time', async () => {
    const { world, listening } = await started(100);
    world.answer = () => new Promise(() => undefined);
    const headers = { authorization: `Bearer ${await world.token(['admin'])}` };
    const hanging = fetch(`${listening.url}/api/boxes`, { method: 'POST', headers });
    hanging.catch(() => undefined); // expected below
    await vi.waitFor(() => expect(world.sent).toHaveLength(1));
    await listening.stop();
    await expect(hanging).rejects.toThrow('fetch failed');
    await world.close();
  });
});

describe('a server', () => {
  it('refuses an address that is taken', async () => {
    const { world, listening } = await started();
    const port = Number(new URL(listening.url).port);
    const again = listen(createApp(world.options).app, {
      host: '127.0.0.1',
      port,
      stopping: new AbortController(),
    });
    await expect(again).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await listening.stop();
    await world.close();
  });

  it('answers what is no HTTP with a problem', async () => {
    const { world, listening } = await started();
    const socket = connect(Number(new URL(listening.url).port), '127.0.0.1');
    const answered = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
    socket.write('GET canary HTTP/9.9\r\n\r\n');
    const answer = await answered;
    expect(answer).toContain('application/problem+json');
    expect(answer).not.toContain('canary');
    await listening.stop();
    await world.close();
  });
});
