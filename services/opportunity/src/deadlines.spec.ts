import type { DecodedEvent } from '@tenure/events';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { opened, policies } from '../test/deals.ts';
import { deadlines } from './deadlines.ts';

const id = idOf('deal');
const stream = `opportunity-${id}`;
const customerId = idOf('customer');

const said = (type: string, data: object, occurredAt = '2026-01-15T10:00:00Z', zone = 'UTC') =>
  deadlines.on[type]?.(
    { type, stream, key: customerId, occurredAt: Date.parse(occurredAt), data } as DecodedEvent,
    { policies, zone },
  );

const flags = (day: string) => [
  {
    set: `${stream}/stalled`,
    day,
    command: { aggregate: 'opportunity', id, customerId, command: 'FlagStalled', body: {} },
  },
];
const over = [{ clear: `${stream}/stalled` }];

describe('the deadline of a stay in a stage', () => {
  it('is the first day that is beyond the limit of the pipeline version', () => {
    expect(said('OpportunityOpened', opened.data)).toEqual(flags('2026-01-30'));
    expect(said('OpportunityOpened', { ...opened.data, stageId: 'commit' })).toEqual(flags('2026-01-23'));
    expect(said('OpportunityOpened', opened.data, '2026-01-15T16:00:00Z', 'Asia/Shanghai')).toEqual(
      flags('2026-01-31'),
    );
  });

  it('begins anew with every stay', () => {
    for (const type of ['OpportunityStageChanged', 'OpportunityReopened', 'OpportunityWinReverted'])
      expect(said(type, { limitDays: 7 })).toEqual(flags('2026-01-23'));
  });

  it('is gone where nothing is said of a limit', () => {
    expect(said('OpportunityStageChanged', { limitDays: null })).toEqual(over);
    expect(said('OpportunityOpened', { ...opened.data, stageId: 'gone' })).toEqual(over);
  });

  it('ends when it was said, and with the deal', () => {
    for (const type of ['OpportunityStalled', 'OpportunityWon', 'OpportunityLost', 'OpportunityAbandoned'])
      expect(said(type, {})).toEqual(over);
  });
});
