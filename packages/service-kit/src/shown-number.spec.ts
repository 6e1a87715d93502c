import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownNumber } from './shown-number.ts';

const AT = Date.UTC(2026, 10, 20, 23);

describe('the number shown to people', () => {
  it('has the prefix, the business date of the first event and the last 30 bits of the id', () => {
    expect(shownNumber('SO', '00000000-0000-4000-8000-00003fffffff', AT, 'UTC')).toBe('SO-261120-ZZZZZZ');
    expect(shownNumber('SO', '00000000-0000-4000-8000-0000c0000001', AT, 'UTC')).toBe('SO-261120-000001');
    expect(shownNumber('RT', '00000000-0000-4000-8000-000000000420', AT, 'Asia/Shanghai')).toBe(
      'RT-261121-000110',
    );
  });

  it('never shows a letter that is mistaken for a digit', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(shownNumber('SO', id, AT, 'UTC')).toMatch(/^SO-261120-[0-9A-HJKMNP-TV-Z]{6}$/);
      }),
    );
  });
});
