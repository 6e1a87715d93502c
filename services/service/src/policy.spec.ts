import type { PolicyHead } from '@tenure/service-kit';
import { describe, expect, it } from 'vitest';
import { desk, heads, policies, sla } from '../test/shipped.ts';
import { policyId } from './case-rules.ts';
import { deskPolicies, DeskPolicy, SlaPolicy } from './policy.ts';

const checkOf = (policy: string, head: PolicyHead) =>
  deskPolicies.find((spec) => spec.policy === policy)?.check?.(head, policies);

describe('the policies that ship', () => {
  it('promise these minutes', () => {
    const rows = (id: string) =>
      Object.entries(sla(id).targets).map(([priority, { FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION }]) => [
        priority,
        FIRST_RESPONSE,
        NEXT_RESPONSE,
        RESOLUTION,
      ]);
    expect(rows('standard')).toEqual([
      ['URGENT', 30, 60, 480],
      ['HIGH', 60, 120, 960],
      ['NORMAL', 240, 480, 2400],
      ['LOW', 480, 960, 4800],
    ]);
    expect(rows('premium')).toEqual([
      ['URGENT', 15, 30, 240],
      ['HIGH', 30, 60, 480],
      ['NORMAL', 120, 240, 1440],
      ['LOW', 240, 480, 2880],
    ]);
    expect([sla('standard').calendar, sla('premium').calendar]).toEqual(['business', 'always']);
  });

  it('name the codes of the desk in both languages', () => {
    expect(Object.keys(desk.resolutions)).toEqual(
      'SOLVED REPLACED REFUNDED EXPLAINED NO_FAULT NO_RESPONSE DUPLICATE'.split(' '),
    );
    for (const codes of [desk.resolutions, desk.escalations, desk.denials])
      for (const { en, zh } of Object.values(codes))
        expect([/^[A-Z]/.test(en), /\p{Script=Han}/u.test(zh)]).toEqual([true, true]);
  });

  it('give teams ids that follow from their codes', () => {
    expect(desk.ladder.levels.map(({ team }) => team)).toEqual([
      'team-lead',
      'service-manager',
      'head-of-service',
    ]);
    expect(policyId('team-lead')).toBe('1c9a114f-0307-5ba4-9ddf-304dca531a09');
  });

  it('have what they name', () => {
    for (const head of heads) expect(checkOf(head.policy, head) ?? []).toEqual([]);
  });
});

describe('a policy that cannot work', () => {
  it('says what is missing, and where', () => {
    expect(checkOf('sla', { ...sla('standard'), calendar: 'moon' } as never)).toEqual([
      { path: '/calendar', reason: 'there is no policy calendar moon' },
    ]);
    const { ladder } = desk;
    const broken = {
      ...desk,
      sla: 'gold',
      ladder: {
        ...ladder,
        overdue: { ...ladder.overdue, calendar: 'moon', reasonCode: 'WHY' },
        breached: { ...ladder.breached, NEXT_RESPONSE: { level: 1, reasonCode: 'NOT' } },
      },
    };
    expect(checkOf('desk', broken)?.map(({ path }) => path)).toEqual([
      '/sla',
      '/ladder/overdue/calendar',
      '/ladder/breached/NEXT_RESPONSE/reasonCode',
      '/ladder/overdue/reasonCode',
    ]);
  });

  it('is refused by its form', () => {
    const refused = (schema: typeof DeskPolicy | typeof SlaPolicy, value: object, at: string): void => {
      const { error } = schema.safeParse(value);
      expect(error?.issues.map(({ path }) => path.join('/'))).toContain(at);
    };
    refused(DeskPolicy, { ...desk, reopenDays: -1 }, 'reopenDays');
    refused(DeskPolicy, { ...desk, mood: 'good' }, '');
    refused(DeskPolicy, { ...desk, ladder: { ...desk.ladder, levels: [] } }, 'ladder/levels');
    refused(
      DeskPolicy,
      { ...desk, remedies: { grants: [{ roles: ['agent'], amount: '1e3', points: 1 }] } },
      'remedies/grants/0/amount',
    );
    refused(
      SlaPolicy,
      { ...sla('standard'), targets: { ...sla('standard').targets, LOW: { FIRST_RESPONSE: 0 } } },
      'targets/LOW/FIRST_RESPONSE',
    );
  });
});
