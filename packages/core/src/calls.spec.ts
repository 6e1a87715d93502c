import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remoteCalls, serveCalls } from './calls.ts';
import { TenureError } from './errors.ts';

type Desk = {
  add(a: number, b: number): Promise<number>;
  slow(name: string): Promise<string>;
  refuse(): Promise<never>;
  missing(): Promise<void>;
};

let channel: MessageChannel;
beforeEach(() => {
  channel = new MessageChannel();
});
afterEach(() => channel.port1.close());

const desk = () => {
  const gate = Promise.withResolvers<void>();
  const target = {
    base: 100,
    add(a: number, b: number) {
      return this.base + a + b;
    },
    async slow(name: string) {
      if (name === 'first') await gate.promise;
      return name;
    },
    refuse() {
      throw new TenureError('BEHIND', 'Wait.', { asOf: 7 }, { retriable: true });
    },
  };
  serveCalls(channel.port1, 'desk', target);
  return { remote: remoteCalls<Desk>(channel.port2, 'desk'), open: gate.resolve };
};

describe('calls over a port', () => {
  it('answer with the value of the method, called on its object', async () => {
    expect(await desk().remote.add(1, 2)).toBe(103);
  });

  it('may overtake each other', async () => {
    const { remote, open } = desk();
    const first = remote.slow('first');
    expect(await remote.slow('second')).toBe('second');
    open();
    expect(await first).toBe('first');
  });

  it('reject with the error of the other side, code and all', async () => {
    await expect(desk().remote.refuse()).rejects.toMatchObject({
      code: 'BEHIND',
      data: { asOf: 7 },
      retriable: true,
    });
    await expect(desk().remote.missing()).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('reject when the answer cannot be sent', async () => {
    serveCalls(channel.port1, 'odd', { give: () => () => 'a function' });
    const odd = remoteCalls<{ give(): Promise<unknown> }>(channel.port2, 'odd');
    await expect(odd.give()).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('share a port under several names, beside messages that are no calls', async () => {
    const { remote } = desk();
    serveCalls(channel.port1, 'other', { add: () => 'of the other' });
    const other = remoteCalls<Desk>(channel.port2, 'other');
    for (const noise of [null, 7, 'text', { call: 1 }, { answer: 0, channel: 'elsewhere' }]) {
      channel.port1.postMessage(noise);
      channel.port2.postMessage(noise);
    }
    expect(await Promise.all([remote.add(1, 1), other.add(1, 1)])).toEqual([102, 'of the other']);
  });

  it('give a twin that can be awaited: it is no promise', async () => {
    const { remote } = desk();
    expect(await Promise.resolve(remote)).toBe(remote);
  });
});
