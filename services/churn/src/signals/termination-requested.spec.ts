import { describe, expect, it } from 'vitest';
import { assessed, day, happened, idOf, severity } from '../../test/story.ts';
import { terminationRequested } from './termination-requested.ts';

const contract = (type: string, on: string) => happened('order', type, on, { contractId: idOf('contract') });
const requested = contract('ContractTerminationRequested', day(10));

describe('TERMINATION_REQUESTED', () => {
  it('is critical until it is withdrawn', () => {
    expect(severity(terminationRequested, day(10), requested)).toBe(4);
    expect(
      severity(terminationRequested, day(10), requested, contract('ContractTerminationWithdrawn', day(12))),
    ).toBe(0);
  });

  it('makes 95 on its first day, and never less than 85', () => {
    expect(assessed(day(10), requested)).toMatchObject({ score: 95, level: 'CRITICAL' });
    expect(assessed(day(375), requested)).toMatchObject({ score: 85, level: 'CRITICAL' }); // half of it is left: 47.5
  });
});
