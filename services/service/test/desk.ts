// A service desk over HTTP: a server of its own, requests in roles, a clock that is closed day by day.
import { join } from 'node:path';
import { uuid5 } from '@tenure/core';
import { call, type Answer, type Json } from '../../../test/e2e/client.ts';
import { startNode, until } from '../../../test/e2e/server.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const WALK = '6e5bb38a-8de3-5688-b629-4fa13d846ff8';

/** Ids of the walk: the same name, the same id. */
export const walkId = (name: string): string => uuid5(WALK, name);

export type Desk = {
  readonly url: string;
  readonly data: string;
  post(path: string, body?: object, role?: string, key?: string): Promise<Answer>;
  get(path: string, role?: string): Promise<Answer>;
  close(day: string): Promise<Answer>;
  /** Type, actor's kind and time of the events of an aggregate, when there are so many; personal fields are left out. */
  events(stream: string, count: number): Promise<readonly Json[]>;
  stop(): Promise<void>;
};

let sent = 0;

const AGENT = walkId('agent-1');

/** Starts it on a folder, empty or used. */
export const startDesk = async (data: string, start: 'empty' | 'again' = 'empty'): Promise<Desk> => {
  const { child, text, closed } = startNode(MAIN, [
    ...(start === 'empty' ? ['--empty'] : []),
    ...['--port', '0', '--data', data, '--settable-clock'],
  ]);
  let ended: Json | undefined;
  void closed.then((ran) => (ended = ran));
  const url = await until('the desk opens', () => {
    if (ended !== undefined) throw new Error(`the desk ended: ${String(ended['stderr'])}`);
    return /Tenure runs at (http:\S+)/.exec(text.stdout)?.[1];
  });
  await until('the desk is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
  const server = { url, data };
  const claims = { agent: AGENT, teams: [] };
  const get: Desk['get'] = (path, role = 'admin') => call(server, 'GET', path, { roles: [role], claims });
  return {
    ...server,
    get,
    post: (path, body = {}, role = 'agent', key = `key-${sent++}`) =>
      call(server, 'POST', path, {
        roles: [role],
        claims,
        body,
        headers: { 'idempotency-key': key, 'if-match': '*' },
      }),
    close: (day) => call(server, 'POST', '/ops/clock', { roles: ['admin'], body: { closeThrough: day } }),
    async events(stream, count) {
      const of = async (): Promise<readonly Json[]> => {
        const { items } = (await get('/ops/events?source=service&limit=500')).json;
        return (items as Json[]).filter((event) => event['stream'] === stream).toReversed();
      };
      return until(`${stream} has ${count} events`, async () => {
        const found = await of();
        return found.length >= count && found;
      }).catch(async (error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify((await of()).map(({ type }) => type))}`);
      });
    },
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
};
