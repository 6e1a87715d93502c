// Commands of a role to a running server, for tests of a service's routes: what has to be accepted, and what is refused.
import { expect } from 'vitest';
import { call, type Answer, type Asked, type Json } from './client.ts';
import type { Server } from './server.ts';

export type Sending = {
  /** `path` below `/api`; at whatever version is there. */
  readonly send: (path: string, body?: object, asked?: Asked) => Promise<Answer>;
  /** Sends what has to be accepted. */
  readonly done: (path: string, body?: object, asked?: Asked) => Promise<Answer>;
  /** Sends what has to be refused so, and answers the problem. */
  readonly refusedWith: (
    status: number,
    code: string,
    path: string,
    body?: object,
    asked?: Asked,
  ) => Promise<Json>;
};

/** `server` is asked for with each request: tests start it after they are declared. */
export const sendingTo = (server: () => Server, usual: Asked): Sending => {
  const send: Sending['send'] = (path, body = {}, asked = usual) =>
    call(server(), 'POST', `/api${path}`, { ...asked, body, headers: { 'if-match': '*', ...asked.headers } });
  return {
    send,
    async done(path, body, asked) {
      const answer = await send(path, body, asked);
      expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
      return answer;
    },
    async refusedWith(status, code, path, body, asked) {
      const answer = await send(path, body, asked);
      expect({ status: answer.status, code: answer.json['code'] }).toEqual({ status, code });
      return answer.json;
    },
  };
};
