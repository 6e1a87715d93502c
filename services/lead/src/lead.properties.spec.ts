// Whatever is sent in whatever order: the lead never leaves the domain, and converts at most once.
import { allowedCommands, isTenureError } from '@tenure/core';
import { idOf } from '@tenure/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands, given, histories, sealed, type LeadCommand, type LeadFact } from '../test/leads.ts';
import type { LeadState } from './lead-state.ts';
import { lead } from './lead.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 15, 10);
const date = fc.constantFrom(null, '2026-01-14', '2026-06-01');

const command: fc.Arbitrary<LeadCommand> = fc.oneof(
  fc.constantFrom(...Object.values(commands)),
  fc.constantFrom<LeadCommand>(
    commands.RequestConversion,
    commands.CompleteConversion,
    commands.FailConversion,
    commands.QualifyLead,
    commands.FlagResponseOverdue,
    { name: 'AssignLead', data: {} },
    { name: 'AssignLead', data: { ownerId: idOf('other') } },
    { name: 'QualifyLead', data: { level: 'SQL', need: 'something' } },
    { name: 'DisqualifyLead', data: { reasonCode: 'BORED' } },
  ),
  date.map((reengageOn): LeadCommand => ({ name: 'RecycleLead', data: { reengageOn } })),
  date.map((reengageOn): LeadCommand => ({
    name: 'NurtureLead',
    data: { programId: idOf('programme'), reengageOn },
  })),
  fc.constantFrom(null, idOf('one'), idOf('other')).map((conversionId): LeadCommand => ({
    name: 'RequestConversion',
    data: { conversionId, customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'NONE' },
  })),
);

/** Anything at all, or one of what is legal: else a lead would hardly ever get anywhere. */
const step = fc.record({
  anything: command,
  hours: fc.integer({ min: 0, max: 5 }),
  legally: fc.option(fc.nat({ max: 100 })),
});

/** A fact as it is read back: personal values are references, absent is null. */
const readBack = (fact: LeadFact): LeadFact => {
  const data: Record<string, unknown> = { ...fact.data };
  for (const field of ['person', 'company', 'fields', 'authority', 'need', 'note'])
    if (data[field] !== undefined && data[field] !== null) data[field] = sealed(field);
  for (const [field, value] of Object.entries(data)) data[field] = value ?? null;
  return { ...fact, data } as LeadFact;
};

const refusalOf = (act: () => void): string | null => {
  try {
    act();
  } catch (error) {
    if (isTenureError(error)) return error.code;
    throw error;
  }
  return null;
};

const WAITING: readonly string[] = ['New', 'Assigned'];

const checkInvariants = (state: LeadState): void => {
  expect(Object.keys(histories)).toContain(state.status);
  if (state.score !== null) expect(state.score).toBeLessThanOrEqual(100);
  // Nobody waits for a response any more once somebody reached out or the lead went on.
  expect(state.respondBy !== null && !WAITING.includes(state.status)).toBe(false);
  expect(state.overdue && !WAITING.includes(state.status)).toBe(false);
  expect(state.status.startsWith('Convert') && state.conversion === null).toBe(false);
};

describe('any commands in any order', () => {
  it('never lead out of the domain', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (sent) => {
        const history: LeadFact[] = [];
        const conversions = new Set<string>();
        let converted = 0;
        let now = START;
        for (const { anything, hours, legally } of sent) {
          now += hours * HOUR;
          const scenario = given(...history);
          const allowed = allowedCommands(lead, scenario.state());
          const chosen = legally === null ? undefined : allowed[legally % allowed.length];
          const one = chosen === undefined ? anything : commands[chosen as LeadCommand['name']];
          const legal = allowed.includes(one.name);
          const code = refusalOf(() => {
            const respondBy = () => now + 2 * HOUR;
            for (const fact of scenario
              .when(one, { now, respondBy, commandId: idOf(`${history.length}`) })
              .facts())
              history.push(readBack({ ...(fact as LeadFact), occurredAt: now }));
          });
          expect(code === 'ILLEGAL_STATE').toBe(!legal);
          const after = given(...history).state();
          checkInvariants(after);
          reached.add(after.status);
          const newest = history.at(-1);
          if (newest?.type === 'LeadConversionRequested') conversions.add(newest.data.conversionId);
          converted = history.filter(({ type }) => type === 'LeadConverted').length;
        }
        // One conversion in the life of a lead, however often it is tried; and one end.
        expect(conversions.size).toBeLessThanOrEqual(1);
        expect(converted).toBeLessThanOrEqual(1);
        const flags = history.filter(({ type }) => type === 'LeadResponseOverdue').length;
        expect(flags).toBeLessThanOrEqual(history.filter(({ type }) => type === 'LeadAssigned').length);
      }),
      { numRuns: 300 },
    );
    // The sequences are long enough to see every status.
    for (const status of Object.keys(histories)) expect(reached).toContain(status);
  });
});
