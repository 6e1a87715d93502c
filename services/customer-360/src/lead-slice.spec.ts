import { describe, expect, it } from 'vitest';
import { day, folded, idOf, recorded, sealed, happened, type Told } from '../test/stories.ts';
import { isOpenLead, leadSlice, type LeadSlice } from './lead-slice.ts';

const after = (...events: readonly Told[]): LeadSlice => folded(leadSlice('UTC'), recorded('lead', events));
const lead = { leadId: idOf('lead') };
const captured = (name = 'lead', on = day(0)): Told =>
  happened('LeadCaptured', on, {
    leadId: idOf(name),
    source: 'WEB_FORM',
    person: sealed<never>(name, 'person'),
    interests: [],
  });

describe('a lead', () => {
  it('is listed from its capture on, with the person as a sealed value', () => {
    expect(after(captured())).toMatchObject({
      captured: 1,
      converted: 0,
      leads: [
        { ...lead, status: 'New', source: 'WEB_FORM', person: sealed('lead', 'person'), overdue: false },
      ],
    });
  });

  it.each([
    [
      happened('LeadAssigned', day(1), { ...lead, ownerId: idOf('a'), respondBy: 0 }),
      { status: 'Assigned', ownerId: idOf('a'), respondBy: '1970-01-01T00:00:00.000Z' },
    ],
    [happened('LeadContactAttempted', day(1), lead), { status: 'Working', overdue: false }],
    [
      happened('LeadNurtured', day(1), { ...lead, reengageOn: day(31) }),
      { status: 'Nurturing', reengageOn: day(31) },
    ],
    [
      happened('LeadQualified', day(1), { ...lead, level: 'SQL' }),
      { status: 'Qualified', level: 'SQL', qualifiedOn: day(1) },
    ],
    [
      happened('LeadDisqualified', day(1), { ...lead, reasonCode: 'SPAM' }),
      { status: 'Disqualified', reasonCode: 'SPAM' },
    ],
    [
      happened('LeadMarkedDuplicate', day(1), { ...lead, duplicateOfLeadId: idOf('b') }),
      { status: 'Disqualified', duplicateOf: idOf('b') },
    ],
    [happened('LeadConversionRequested', day(1), lead), { status: 'Converting' }],
    [happened('LeadConversionFailed', day(1), lead), { status: 'Qualified' }],
    [
      happened('LeadScored', day(1), { ...lead, score: 60, grade: 'B' }),
      { status: 'New', score: 60, grade: 'B' },
    ],
    [happened('LeadResponseOverdue', day(1), lead), { status: 'New', overdue: true }],
  ])('follows %o', (event, expected) => {
    const { leads } = after(captured(), event);
    expect(leads).toEqual([expect.objectContaining({ ...expected, eventId: idOf('lead event 1') })]);
  });

  it('is no longer overdue once somebody tried', () => {
    const late = happened('LeadResponseOverdue', day(1), lead);
    expect(after(captured(), late).leads[0]?.overdue).toBe(true);
    expect(after(captured(), late, happened('LeadContactAttempted', day(2), lead)).leads[0]?.overdue).toBe(
      false,
    );
  });

  it('is converted once, and no open one then', () => {
    const { converted, leads } = after(captured(), happened('LeadConverted', day(1), lead));
    expect(converted).toBe(1);
    expect(leads.map(isOpenLead)).toEqual([false]);
  });
});

describe('the list of leads', () => {
  it('has the newest first, whatever came first, and is bounded', () => {
    expect(
      after(captured('a', day(2)), captured('b', day(5)), captured('c', day(1))).leads.map(
        ({ leadId }) => leadId,
      ),
    ).toEqual(['b', 'a', 'c'].map(idOf));
    const many = Array.from({ length: 130 }, (_, i) => captured(`lead ${i}`, day(i)));
    expect(after(...many)).toMatchObject({ captured: 130 });
    expect(after(...many).leads).toHaveLength(100);
  });

  it('is not disturbed by events of a lead it does not list', () => {
    expect(
      after(captured(), happened('LeadScored', day(1), { leadId: idOf('other'), score: 9 })).leads,
    ).toEqual(after(captured()).leads);
  });
});
