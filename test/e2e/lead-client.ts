// What tests of leads send: one agent, people nobody has met before, commands that have to be accepted.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { get, post, type Answer, type Json } from './client.ts';
import type { Server } from './server.ts';

export const AGENT = randomUUID();
export const agent = { roles: ['agent'], claims: { agent: AGENT }, headers: { 'if-match': '*' } } as const;
export const boss = { roles: ['supervisor'], headers: { 'if-match': '*' } } as const;

let people = 0;

/** Somebody nobody has met before. */
const stranger = (): object => {
  const number = 1_000 + people++;
  return {
    name: randomUUID(),
    email: `${number}@example.com`,
    phone: `+1 202 555 ${number}`,
    jobTitle: 'Purchasing Manager',
  };
};

/** The leads of a server that may not have started yet. */
export const leadsOn = (server: () => Server) => {
  const tell = (id: string, command: string, body: object = {}, asked: object = agent): Promise<Answer> =>
    post(server(), `/api/leads/${id}/${command}`, body, asked);
  return {
    tell,
    async capture(more: object = {}): Promise<Json> {
      const body = {
        source: 'WEB_FORM',
        person: stranger(),
        company: 'Hengli Workshop',
        interests: ['instruments', 'consumables'],
        ...more,
      };
      const { status, json } = await post(server(), '/api/leads', body, agent);
      expect([status, json['code'], json['revision']]).toEqual([201, undefined, 0]);
      return json;
    },
    /** Commands that have to be accepted, one after the other. */
    async done(id: string, ...commands: readonly (readonly [string, object?])[]): Promise<void> {
      for (const [command, body] of commands) {
        const { status, json } = await tell(id, command, body);
        expect([command, status, json['code']]).toEqual([command, 200, undefined]);
      }
    },
    shown: async (id: string, asked: object = agent): Promise<Json> =>
      (await get(server(), `/api/leads/${id}`, asked)).json,
  };
};

export const bant = {
  level: 'SQL',
  budget: { minor: 150_000, currency: 'CNY' },
  authority: 'she decides',
  need: 'two meters',
  timeline: '2027-01-31',
};
