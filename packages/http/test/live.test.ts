import { get, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  liveStream,
  MAX_BEHIND_BYTES,
  route,
  type LiveOptions,
  type LiveReader,
  type Timer,
} from '../src/index.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A server with one stream; its timers run when the test says so. */
const live = async (more: Partial<LiveOptions> = {}) => {
  const stopping = new AbortController();
  const timers: { run: () => void; ms: number; on: boolean }[] = [];
  const timer: Timer = (run, ms) => {
    const entry = { run, ms, on: true };
    timers.push(entry);
    return () => {
      entry.on = false;
    };
  };
  const readers: LiveReader[] = [];
  const left = vi.fn<() => void>();
  world = await startWorld({
    extra: [
      route({
        method: 'GET',
        path: '/api/live',
        summary: 'Live',
        access: { token: 'any' },
        responses: {},
        handle: () =>
          liveStream(
            (reader) => {
              readers.push(reader);
              return left;
            },
            { stopping: stopping.signal, timer, ...more },
          ),
      }),
    ],
  });
  const authorization = `Bearer ${await world.token(['agent'])}`;
  const response = await new Promise<IncomingMessage>((resolve) =>
    get(`${world.url}/api/live`, { headers: { authorization } }, resolve),
  );
  await vi.waitFor(() => expect(readers).toHaveLength(1));
  const fire = (ms: number) => {
    const found = timers.findLast((entry) => entry.on && entry.ms === ms);
    if (found) found.on = false;
    found?.run();
  };
  return { stopping, response, reader: readers[0] as LiveReader, left, fire, timers };
};

const next = (response: IncomingMessage): Promise<string> =>
  new Promise((resolve) => response.once('data', (chunk) => resolve(String(chunk))));

describe('a live stream', () => {
  it('sends events that cannot break out of their line', async () => {
    const { response, reader } = await live();
    expect(response.headers['content-type']).toBe('text/event-stream');
    const got = next(response);
    reader.send({ id: '7', event: 'customer', data: { customerId: 'a\nb' } });
    expect(await got).toBe('id: 7\nevent: customer\ndata: {"customerId":"a\\nb"}\n\n');
    const forged = next(response);
    reader.send({ id: '8\ndata: forged', event: 'x', data: 1 });
    expect(await forged).toBe('id: 8 data: forged\nevent: x\ndata: 1\n\n');
  });

  it('says something every 15 s', async () => {
    const { response, fire } = await live();
    for (const _ of [1, 2]) {
      const got = next(response);
      fire(15_000);
      expect(await got).toBe(': \n\n');
    }
  });

  it('cuts a reader that is 1 MiB behind, and stops feeding it', async () => {
    const { response, reader, left, timers } = await live();
    response.pause();
    const data = 'x'.repeat(100_000);
    let sent = 0;
    while (reader.send({ event: 'x', data }) && sent < 1_000) sent++;
    expect(sent).toBeLessThan(1_000);
    expect(sent * data.length).toBeGreaterThan(MAX_BEHIND_BYTES / 2);
    expect(left).toHaveBeenCalledOnce();
    expect(timers.filter(({ on }) => on)).toEqual([]);
    expect(reader.send({ event: 'x', data: 1 })).toBe(false);
  });

  it('ends with its token, with the server, and with its reader', async () => {
    const byToken = await live({ lifetimeMs: 60_000 });
    const ended = new Promise((resolve) => byToken.response.resume().once('end', resolve));
    byToken.fire(60_000);
    await ended;
    expect(byToken.left).toHaveBeenCalledOnce();
    await world.close();

    const byServer = await live();
    const stopped = new Promise((resolve) => byServer.response.resume().once('end', resolve));
    byServer.stopping.abort();
    await stopped;
    expect(byServer.left).toHaveBeenCalledOnce();
    await world.close();

    const byReader = await live();
    byReader.response.destroy();
    await vi.waitFor(() => expect(byReader.left).toHaveBeenCalledOnce());
    expect(byReader.timers.filter(({ on }) => on)).toEqual([]);
  });
});
