import { describe, expect, it } from 'vitest';
import { day, happened, seen, severity } from '../../test/story.ts';
import { consentWithdrawn } from './consent-withdrawn.ts';

const consent = (type: string, offset: number, channel = 'EMAIL', purpose = 'marketing') =>
  happened('customer', type, day(offset), { channel, purpose });

describe('CONSENT_WITHDRAWN', () => {
  it('is medium for the purpose of marketing', () => {
    expect(severity(consentWithdrawn, day(10), consent('ConsentWithdrawn', 10))).toBe(2);
    expect(severity(consentWithdrawn, day(10), consent('ConsentWithdrawn', 10, 'EMAIL', 'billing'))).toBe(0);
  });

  it('is over with a consent of the same purpose and channel, not of another', () => {
    const withdrawn = consent('ConsentWithdrawn', 10);
    expect(severity(consentWithdrawn, day(20), withdrawn, consent('ConsentGranted', 15))).toBe(0);
    expect(
      seen(consentWithdrawn, day(20), withdrawn, consent('ConsentGranted', 15, 'SMS'))?.observed,
    ).toEqual({
      channels: 'EMAIL',
    });
  });
});
