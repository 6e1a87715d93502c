import { describe, expect, it } from 'vitest';
import { setUp } from './set-up.ts';
import type { StreamAnswer, StreamAsked } from './fake-server.ts';

const shown = (n: number) => ({
  eventId: `e${n}`,
  type: 'OrderPlaced',
  source: 'order',
  stream: `order-${n}`,
  revision: 0,
  position: n,
  key: 'k',
  occurredAt: '2026-11-20T09:00:00.000Z',
  recordedAt: '2026-11-20T09:00:01.000Z',
  actor: { kind: 'user', id: 'ann' },
  data: { orderId: `o${n}` },
});

const told = (...numbers: readonly number[]): string =>
  numbers.map((n) => `event: event\ndata: ${JSON.stringify(shown(n))}\n\n`).join('');

/** A server that gives these answers one after the other, and what it was asked. */
const tailing = async (...answers: readonly StreamAnswer[]) => {
  const asked: StreamAsked[] = [];
  const set = await setUp(
    {},
    {},
    {
      '/ops/events': (one) => {
        asked.push(one);
        return answers[Math.min(asked.length, answers.length) - 1] ?? { text: '', then: 'ends' };
      },
    },
  );
  return { ...set, asked };
};

describe('events tail', () => {
  it('prints events as they come, and ends after so many', async () => {
    const { tenure, asked } = await tailing({ text: `id: p0\n\n: \n\n${told(1, 2, 3)}`, then: 'stays' });
    const said = await tenure(...['events', 'tail', '--source', 'order', '--key', 'k', '--limit', '2']);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out.split('\n').slice(0, -1)).toEqual(
      [1, 2].map(
        (n) =>
          expect.stringMatching(
            new RegExp(`Z +order:${n} +OrderPlaced +k +user ann +orderId=o${n}$`),
          ) as string,
      ),
    );
    expect(asked[0]?.url.search).toBe('?source=order&key=k');
    expect(asked[0]?.roles).toEqual(['ops']);
  });
  it.each(['--json', '--ndjson'])(
    'prints an object per line with %s, since a time that is given',
    async (form) => {
      const { tenure, asked } = await tailing({ text: told(1), then: 'stays' });
      const said = await tenure('events', 'tail', '--from', '2026-11-20', '--limit', '1', form);
      expect(said.out).toBe(`${JSON.stringify(shown(1))}\n`);
      expect(asked[0]?.url.searchParams.get('from')).toBe('2026-11-20T00:00:00.000Z');
    },
  );
  it('goes on where it was when the connection breaks or ends, and prints nothing twice', async () => {
    const { tenure, asked } = await tailing(
      { text: `id: p0\n\n${told(1)}id: p1\n\n${told(2)}`, then: 'breaks' },
      { text: told(2, 3), then: 'ends' },
      { text: told(4), then: 'stays' },
    );
    const { code, out } = await tenure('events', 'tail', '--limit', '4');
    expect(code).toBe(0);
    expect([...out.matchAll(/orderId=(o\d)/g)].map(([, id]) => id)).toEqual(['o1', 'o2', 'o3', 'o4']);
    expect(asked.map(({ lastId }) => lastId)).toEqual([undefined, 'p1', 'p1']);
  });
  it('ends cleanly with Ctrl-C, while it waits and while it reads', async () => {
    const { tenure, world, asked } = await tailing({ text: told(1), then: 'stays' });
    const running = tenure('events', 'tail');
    while (asked.length === 0) await new Promise((resolve) => void setImmediate(resolve));
    world.interrupt();
    const said = await running;
    expect(said.code).toBe(130);
    expect(said.err).toBe('');
  });
  it('gives up on a refusal, and on a server that does not come back', async () => {
    const refused = await setUp({
      'GET /ops/events': () => ({ status: 404, body: { code: 'NOT_FOUND', detail: 'No such source.' } }),
    });
    expect(await refused.tenure('events', 'tail', '--source', 'x')).toMatchObject({
      code: 3,
      err: 'NOT_FOUND: No such source.\n',
    });
    const gone = await setUp();
    gone.world.announce('http://127.0.0.1:1');
    const said = await gone.tenure('events', 'tail');
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/waiting: Nothing listens[^]*SERVER_NOT_RUNNING/);
    expect(gone.world.pauses.at(-1)).toBe(5_000);
  });
});

describe('events show', () => {
  it('prints everything about one', async () => {
    const asked: string[] = [];
    const { tenure } = await setUp({
      'GET /ops/events/order%3A7': () => ({ status: 200, body: shown(7) }),
      'GET /ops/events/e7': (_, url) => {
        asked.push(url.search);
        return { status: 200, body: shown(7) };
      },
    });
    const said = await tenure('events', 'show', 'order:7');
    expect(said.out).toMatch(
      /^eventId +e7\ntype +OrderPlaced\n[^]*actor +user ann\n\{\n {2}"orderId": "o7"\n\}\n$/,
    );
    expect(JSON.parse((await tenure('events', 'show', 'e7', '--key', 'k', '--json')).out)).toEqual(shown(7));
    expect(asked).toEqual(['?key=k']);
    expect((await tenure('events', 'show', 'none')).code).toBe(3);
  });
});
