import type { DecodedEvent } from '@tenure/events';
import type { PolicyHead } from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { assigned, assignment, policiesWith, RESPOND_BY } from '../test/leads.ts';
import { deadlines } from './deadlines.ts';

const id = idOf('lead');
const stream = `lead-${id}`;
const customerId = idOf('party');
const at = Date.UTC(2026, 0, 15, 10);

const said = (type: string, data: object = {}, policies = policiesWith()) =>
  deadlines.on[type]?.({ type, stream, key: customerId, occurredAt: at, data } as DecodedEvent, {
    policies,
    zone: 'UTC',
  });
const wakes = (key: string, when: number, command: string) => [
  { set: `${stream}/${key}`, at: when, command: { aggregate: 'lead', id, customerId, command, body: {} } },
];

describe('the deadline of a response', () => {
  it('is the instant that the assignment promised', () => {
    expect(said('LeadAssigned', assigned().data)).toEqual(
      wakes('respond', RESPOND_BY, 'FlagResponseOverdue'),
    );
  });

  it('is over when nothing is promised, when it was said, and when the lead goes on', () => {
    const over = [{ clear: `${stream}/respond` }];
    expect(said('LeadAssigned', assigned('agent', null).data)).toEqual(over);
    for (const type of [
      'LeadContactAttempted',
      'LeadResponseOverdue',
      'LeadNurtured',
      'LeadQualified',
      'LeadDisqualified',
      'LeadMarkedDuplicate',
    ])
      expect(said(type)).toEqual(over);
  });
});

describe('the deadline of a conversion', () => {
  it('is 60 seconds after it was asked for, by the policy of the day', () => {
    expect(said('LeadConversionRequested')).toEqual(wakes('convert', at + 60_000, 'FailConversion'));
    const slow = policiesWith({ ...assignment, conversionSeconds: 90 } as PolicyHead);
    expect(said('LeadConversionRequested', {}, slow)).toEqual(
      wakes('convert', at + 90_000, 'FailConversion'),
    );
  });

  it('is over when it ended, either way', () => {
    for (const type of ['LeadConverted', 'LeadConversionFailed'])
      expect(said(type)).toEqual([{ clear: `${stream}/convert` }]);
  });
});
