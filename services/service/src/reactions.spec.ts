import type { DecodedEvent } from '@tenure/events';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { policies } from '../test/shipped.ts';
import { caseSla } from './reactions.ts';

const id = idOf('case');
const event = (type: string, data: object = {}, actor: object = { kind: 'user', id: 'a' }): DecodedEvent =>
  ({
    type,
    stream: `case-${id}`,
    key: idOf('customer'),
    occurredAt: Date.UTC(2026, 2, 17, 14),
    meta: { actor },
    data,
  }) as unknown as DecodedEvent;

const reactTo = (type: string, data?: object, actor?: object) =>
  caseSla
    .react(event(type, data, actor), { policies, zone: 'UTC', gathered: {} })
    .map(({ command, body }) => [command, body]);

const start = (kind: string) => ['StartSlaClock', { kind }];

describe('CaseSla', () => {
  it('verifies a new case and starts what is promised', () => {
    expect(reactTo('CaseOpened')).toEqual([
      ['VerifyEntitlement', {}],
      start('FIRST_RESPONSE'),
      start('RESOLUTION'),
    ]);
  });

  it('counts anew when a person promises something else, not after itself', () => {
    const kinds = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION'].map(start);
    expect(reactTo('EntitlementVerified')).toEqual(kinds);
    expect(reactTo('EntitlementVerified', {}, { kind: 'process', id: 'CaseSla' })).toEqual([]);
    expect(reactTo('EntitlementVerified', {}, { kind: 'user', id: 'CaseSla' })).toEqual(kinds);
  });

  it('starts what the customer waits for when he answers, and when a case is reopened', () => {
    expect(reactTo('CustomerReplyReceived')).toEqual(
      ['FIRST_RESPONSE', 'RESOLUTION', 'NEXT_RESPONSE'].map(start),
    );
    expect(reactTo('CaseReopened')).toEqual(['RESOLUTION', 'NEXT_RESPONSE'].map(start));
  });

  it.each([
    ['FIRST_RESPONSE', 1, 'SLA_FIRST'],
    ['NEXT_RESPONSE', 1, 'SLA_NEXT'],
    ['RESOLUTION', 2, 'SLA_RESOLUTION'],
  ])('takes a broken %s to level %d', (kind, level, reasonCode) => {
    expect(reactTo('SlaBreached', { kind })).toEqual([['EscalateCase', { level, reasonCode }]]);
  });

  it('leaves alone what a newer program wrote', () => {
    expect(reactTo('SlaBreached', { kind: 'UNKNOWN' })).toEqual([]);
  });

  it('acts on the case of the event, for its customer, and listens to what it reacts to', () => {
    const [command] = caseSla.react(event('CaseOpened'), { policies, zone: 'UTC', gathered: {} });
    expect(command).toMatchObject({ aggregate: 'case', id, customerId: idOf('customer') });
    for (const type of caseSla.on['service'] ?? [])
      expect(reactTo(type, { kind: 'RESOLUTION' }).length).toBeGreaterThan(0);
    expect(reactTo('CaseAssigned')).toEqual([]);
  });
});
