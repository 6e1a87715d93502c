import type { LineAnswer } from '@tenure/service-kit/import';
import { describe, expect, it } from 'vitest';
import { openTally } from './tally.ts';

const refused = (status: number, code: string): LineAnswer => ({ status, problem: { code, detail: 'Why.' } });
const settled = (main: boolean, answer: LineAnswer) => {
  const told: unknown[] = [];
  const tally = openTally((problem) => void told.push(problem));
  const final = tally.settle({ row: 7, main }, answer);
  const { rows: _, ...counts } = tally.counts();
  return {
    final,
    told,
    counted: Object.entries(counts)
      .filter(([, n]) => n > 0)
      .map(([name]) => name),
  };
};

describe('a row', () => {
  it.each<[string, LineAnswer]>([
    ['accepted', { status: 201 }],
    ['duplicates', { status: 201, replay: true }],
    ['conflicts', refused(422, 'IDEMPOTENCY_KEY_REUSED')],
    ['conflicts', refused(409, 'ALREADY_EXISTS')],
    ['rejected', refused(409, 'ILLEGAL_STATE')],
    ['rejected', refused(422, 'LINE_TOTAL_WRONG')],
    ['rejected', refused(400, 'INVALID')],
  ])('counts under %s by the line of its order', (counted, answer) => {
    const { final, told, counted: found } = settled(true, answer);
    expect({ final, found }).toEqual({ final: true, found: [counted] });
    expect(told).toHaveLength(answer.problem === undefined ? 0 : 1);
  });
  it.each([
    [409, 'IN_FLIGHT'],
    [429, 'TOO_MANY_REQUESTS'],
    [503, 'OVERLOADED'],
    [503, 'UNAVAILABLE'],
    [507, 'DISK_FULL'],
  ])('is not settled by %d %s', (status, code) => {
    for (const main of [true, false])
      expect(settled(main, refused(status, code))).toEqual({ final: false, told: [], counted: [] });
  });
  it('does not count by the line of its customer, who may well be there already', () => {
    for (const answer of [
      { status: 201 },
      { status: 201, replay: true },
      refused(409, 'ALREADY_EXISTS'),
      refused(409, 'ILLEGAL_STATE'),
    ])
      expect(settled(false, answer)).toEqual({ final: true, told: [], counted: [] });
  });
  it('tells of a customer who was refused', () => {
    expect(settled(false, refused(400, 'INVALID')).told).toEqual([
      { row: 7, column: null, reason: 'customer: INVALID Why.' },
    ]);
  });
});
