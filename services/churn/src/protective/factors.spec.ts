import { describe, expect, it } from 'vitest';
import { assessed, complaint, day, happened, idOf, points, type Happened } from '../../test/story.ts';

const codes = (on: string, ...events: readonly Happened[]): readonly string[] =>
  assessed(on, ...events).protective.map(({ code }) => code);

const nps = (offset: number, score: number): Happened =>
  happened('interaction', 'SurveyResponded', day(offset), {
    instrument: 'NPS',
    answers: [{ questionId: 'q', score }],
  });

describe('REWARD_USED', () => {
  it('counts for 60 days after points were redeemed', () => {
    const used = [
      points('MemberEnrolled', day(0)),
      points('PointsRedeemed', day(10), { points: 1, redemptionId: idOf('r') }),
    ];
    expect(assessed(day(10), ...used).protective).toEqual([
      { code: 'REWARD_USED', factor: '0.85', evidence: [idOf(`PointsRedeemed ${day(10)}`)] },
    ]);
    expect(codes(day(69), ...used)).toEqual(['REWARD_USED']);
    expect(codes(day(70), ...used)).toEqual([]);
  });
});

describe('REMEDY_ACCEPTED', () => {
  it('counts for 90 days', () => {
    const accepted = [complaint('ComplaintRegistered', day(0)), complaint('RemedyAccepted', day(10))];
    expect(codes(day(99), ...accepted)).toEqual(['REMEDY_ACCEPTED']);
    expect(codes(day(100), ...accepted)).toEqual([]);
  });
});

describe('PROMOTER', () => {
  it('counts while the newest answer is 9 or 10', () => {
    expect(codes(day(900), nps(0, 9))).toEqual(['PROMOTER']);
    expect(codes(day(900), nps(0, 10), nps(5, 8))).toEqual([]);
    expect(codes(day(900), nps(5, 9), nps(0, 2))).toEqual(['PROMOTER']); // the older answer came late
  });
});
