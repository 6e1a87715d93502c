import { describe, expect, it } from 'vitest';
import { eventJson } from './event-json.ts';

const AT = Date.UTC(2026, 2, 17, 14);

describe('the data of an event as interfaces show it', () => {
  it('has instants as text, also within lists and where they are optional', () => {
    expect(eventJson('SlaClockStarted', { kind: 'RESOLUTION', targetMinutes: 240, dueAt: AT })).toEqual({
      kind: 'RESOLUTION',
      targetMinutes: 240,
      dueAt: '2026-03-17T14:00:00.000Z',
    });
    const resumed = [{ clockId: 'c', dueAt: AT }];
    expect(eventJson('CustomerReplyReceived', { interactionId: null, resumed })).toEqual({
      interactionId: null,
      resumed: [{ clockId: 'c', dueAt: '2026-03-17T14:00:00.000Z' }],
    });
    expect(eventJson('LeadAssigned', { respondBy: AT })).toEqual({ respondBy: '2026-03-17T14:00:00.000Z' });
    expect(eventJson('LeadAssigned', { respondBy: null })).toEqual({ respondBy: null });
  });

  it('is as it is otherwise: numbers, sealed values, types that are not known', () => {
    const person = { $sealed: 'e', field: 'person' };
    expect(eventJson('LeadCaptured', { person })).toEqual({ person });
    expect(eventJson('NeverHeardOf', { at: AT })).toEqual({ at: AT });
  });
});
