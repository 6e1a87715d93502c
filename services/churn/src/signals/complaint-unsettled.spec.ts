import { describe, expect, it } from 'vitest';
import { complaint, day, idOf, seen, severity } from '../../test/story.ts';
import { complaintUnsettled } from './complaint-unsettled.ts';

const registered = complaint('ComplaintRegistered', day(0));
const declined = complaint('RemedyDeclined', day(3));

describe('COMPLAINT_UNSETTLED', () => {
  it('is medium after seven days', () => {
    expect(severity(complaintUnsettled, day(7), registered)).toBe(0);
    expect(severity(complaintUnsettled, day(8), registered)).toBe(2);
  });

  it('is high at once when it is grave, or when a remedy was declined', () => {
    expect(
      severity(complaintUnsettled, day(0), complaint('ComplaintRegistered', day(0), { severity: 'HIGH' })),
    ).toBe(3);
    expect(seen(complaintUnsettled, day(3), registered, declined)).toMatchObject({
      severity: 3,
      events: [idOf('ComplaintRegistered complaint 2026-01-01'), idOf('RemedyDeclined complaint 2026-01-04')],
    });
  });

  it.each(['RemedyAccepted', 'ComplaintRejected'])('is over with %s', (type) => {
    expect(severity(complaintUnsettled, day(30), registered, declined, complaint(type, day(9)))).toBe(0);
  });

  it('is critical for 180 days once it was taken outside, then over', () => {
    const outside = complaint('ComplaintEscalated', day(10));
    expect(severity(complaintUnsettled, day(10), registered, outside)).toBe(4);
    expect(severity(complaintUnsettled, day(189), registered, outside)).toBe(4);
    expect(severity(complaintUnsettled, day(190), registered, outside)).toBe(0);
  });
});
