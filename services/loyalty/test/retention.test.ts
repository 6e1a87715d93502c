// However a process is stopped, it ends as it would have; and whatever comes again changes nothing.
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { retentionCaseIdOf } from '../src/retention-case.ts';
import { placed, risk, whateverHappens, typesOf, told, oneByOne } from './chain.ts';
import type { Club, Death, Told } from './club.ts';
import { at } from './members.ts';

describe('RetentionDesk', () => {
  const first = retentionCaseIdOf(idOf('lin'), 0);
  const stateOf = async (club: Club, id = first) => (await club.state('retentioncase', id)) as object;
  const none: Death = { at: 0, when: 'before' };

  it('opens a case at a high risk for the owner of the customer, and closes it with the order that saves him', async () => {
    const order = placed('2026-05-15T00:00:00Z');
    const club = await whateverHappens(told(risk('HIGH', '2026-05-13T00:00:00Z'), order));
    expect(await typesOf(club)).toEqual(['RetentionCaseOpened', 'CustomerSaved']);
    const [openedCase, saved] = (await club.facts()).slice(-2);
    expect(openedCase?.data).toMatchObject({
      riskLevel: 'HIGH',
      signalIds: [idOf('gap')],
      ownerId: idOf('agent'),
    });
    expect(saved).toMatchObject({ occurredAt: order.at, data: { retentionCaseId: first } });
    expect(await stateOf(club)).toMatchObject({ status: 'Saved' });
  });

  it('opens none at a lower risk, none twice, and none for whom nobody registered', async () => {
    expect(await typesOf(await told(risk('MEDIUM', '2026-05-13T00:00:00Z'))(none))).toEqual([]);
    const twice = told(risk('HIGH', '2026-05-13T00:00:00Z'), risk('CRITICAL', '2026-05-20T00:00:00Z'));
    expect(await typesOf(await whateverHappens(twice))).toEqual(['RetentionCaseOpened']);
    const stranger = { ...risk('HIGH', '2026-05-13T00:00:00Z'), customer: 'a stranger' };
    const club = await told(stranger)(none);
    expect([await typesOf(club), club.refused.includes('NOT_REGISTERED')]).toEqual([[], true]);
  });

  it('opens the next case after the first was closed', async () => {
    const again = told(
      risk('HIGH', '2026-05-13T00:00:00Z'),
      placed('2026-05-15T00:00:00Z'),
      risk('HIGH', '2026-05-20T00:00:00Z'),
    );
    const club = await whateverHappens(again);
    expect((await typesOf(club)).filter((type) => type === 'RetentionCaseOpened')).toHaveLength(2);
    expect(await stateOf(club, retentionCaseIdOf(idOf('lin'), 1))).toMatchObject({ status: 'Opened' });
  });

  it('takes an order before the opening for no rescue, and one that was heard of too early for one', async () => {
    const before = told(placed('2026-05-12T00:00:00Z'), risk('HIGH', '2026-05-13T00:00:00Z'));
    expect(await stateOf(await whateverHappens(before))).toMatchObject({ status: 'Opened' });
    const early = told(placed('2026-05-15T00:00:00Z'), risk('HIGH', '2026-05-13T00:00:00Z'));
    expect(await stateOf(await whateverHappens(early))).toMatchObject({ status: 'Saved' });
  });

  it('closes the case of whom the assessment calls churned, and opens none for him', async () => {
    const churned: Told = {
      source: 'churn',
      type: 'CustomerChurned',
      customer: 'lin',
      at: at('2026-05-20T00:00:00Z'),
      data: { mode: 'NON_CONTRACTUAL', churnedOn: '2026-05-19', definitionVersion: 1, evidence: [] },
    };
    const lost = await whateverHappens(oneByOne(risk('HIGH', '2026-05-13T00:00:00Z'), churned));
    expect(await stateOf(lost)).toMatchObject({ status: 'Lost', lostReason: 'CHURNED' });
    const late = await told(churned, risk('CRITICAL', '2026-05-21T00:00:00Z'))(none);
    expect([await typesOf(late), late.refused]).toEqual([[], expect.arrayContaining(['CUSTOMER_LOST'])]);
  });
});
