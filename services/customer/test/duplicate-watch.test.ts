// DuplicateWatch from event to match: real keys, real lookup, real reactions.
import { isTenureError } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { atEveryStep, type World } from '@tenure/testing/processes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { matchIdOf } from '../src/match.ts';
import { capture, checkWhole, openWorld, partyOf, pointOf, register, typesOf } from './processes.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const proposals = async () =>
  (await world.events())
    .filter(({ type }) => type === 'MatchProposed')
    .map(({ data }) => data as { leftId: string; rightId: string; score: number; evidence: object[] });

const types = async (...wanted: readonly string[]): Promise<readonly string[]> =>
  (await world.events()).map(({ type }) => type).filter((type) => wanted.includes(type));

describe('a lead of a known customer', () => {
  it('is proposed with PHONE 65 and NAME 20, and not approved', async () => {
    const known = await register(world, 'lin');
    await capture(world, 'second', {
      name: 'Xiaomei Lin',
      email: 'xm.lin@example.org',
      phone: '+1-202-555-0143',
    });
    await world.settle();
    const pair = [known, partyOf('second')].toSorted();
    const found = await proposals();
    expect(found).toHaveLength(1);
    const sides = [pointOf('lin', 'PHONE'), idOf('second')];
    const names = [known, idOf('second')];
    const [phone, name] = pair[0] === known ? [sides, names] : [sides.toReversed(), names.toReversed()];
    expect(found[0]).toMatchObject({
      leftId: pair[0],
      rightId: pair[1],
      ruleId: 'identity',
      ruleVersion: 1,
      score: 85,
      evidence: [
        { kind: 'PHONE', score: 65, leftKey: phone[0], rightKey: phone[1] },
        { kind: 'NAME', score: 20, leftKey: name[0], rightKey: name[1] },
      ],
    });
    expect(await types('MatchApproved', 'CustomersMerged')).toEqual([]);
  });

  it('is merged at once when it is certain', async () => {
    const known = await register(world, 'lin');
    await world.send(
      'customer',
      'VerifyContactPoint',
      { contactPointId: pointOf('lin', 'EMAIL'), method: 'link' },
      { id: known },
    );
    await world.settle();
    await capture(world, 'second');
    await world.settle();
    expect(await types('MatchProposed', 'MatchApproved', 'CustomersMerged', 'CustomerAbsorbed')).toEqual([
      'MatchProposed',
      'MatchApproved',
      'CustomersMerged',
      'CustomerAbsorbed',
    ]);
    const merged = (await world.events()).find(({ type }) => type === 'CustomersMerged');
    expect(merged?.data).toMatchObject({
      survivorId: known,
      absorbedIds: [partyOf('second')],
      ruleId: 'identity',
      score: 100,
      approvedBy: { kind: 'process', id: 'DuplicateWatch' },
    });
  });

  it('becomes certain when the address is verified later', async () => {
    const known = await register(world, 'lin');
    await capture(world, 'second');
    await world.settle();
    expect(await types('MatchProposed', 'MatchApproved')).toEqual(['MatchProposed', 'MatchApproved']);
    // E-mail 75 and the name 20 are 95 already; the one who has only the number waits for its verification.
    await capture(world, 'third', { name: 'Lin Xiaomei', phone: '+1 202 555 0143' });
    await world.settle();
    expect(await types('MatchApproved')).toHaveLength(1);
    await world.send(
      'customer',
      'VerifyContactPoint',
      { contactPointId: pointOf('lin', 'PHONE'), method: 'code' },
      { id: known },
    );
    await world.settle();
    expect(await types('MatchApproved')).toHaveLength(2);
    expect(await typesOf(world, `customer-${partyOf('third')}`)).toEqual(['CustomerAbsorbed']);
  });

  it('says nothing by a name alone, nor by a key that it shares with itself', async () => {
    await register(world, 'lin', { name: 'Lin Xiaomei', email: 'a@example.com' });
    await capture(world, 'second', { name: 'Lin Xiaomei', email: 'b@example.com' });
    await world.settle();
    expect(await proposals()).toEqual([]);
  });

  it('never concerns the company itself', async () => {
    await register(world, 'own', { name: 'Front Desk', phone: '+1 202 555 0143' }, 'INTERNAL');
    await capture(world, 'second');
    await world.settle();
    expect(await proposals()).toEqual([]);
  });
});

describe('two candidates', () => {
  it('are both proposed, and a person decides', async () => {
    for (const name of ['lin', 'other'])
      await register(world, name, {
        name: 'Lin Xiaomei',
        email: `${name}@example.com`,
        phone: '+1 202 555 0143',
      });
    // The two of them are a pair already; verified numbers would make each certain.
    await capture(world, 'second', {
      name: 'Lin Xiaomei',
      email: 'lin@example.com',
      phone: '+1 202 555 0143',
    });
    await world.settle();
    const pairs = (await proposals()).map(({ leftId, rightId }) => matchIdOf(leftId, rightId));
    const parties = [idOf('lin'), idOf('other'), partyOf('second')];
    expect(pairs.toSorted()).toEqual(
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ]
        .map(([a = 0, b = 0]) => matchIdOf(parties[a] ?? '', parties[b] ?? ''))
        .toSorted(),
    );
    expect(await types('MatchApproved')).toEqual([]);
  });
});

describe('a key that many share', () => {
  it('still tells of twenty parties', async () => {
    for (let i = 0; i < 19; i++)
      await capture(world, `lead ${i}`, { name: 'Ann Other', phone: '+1 202 555 0199' });
    await world.settle();
    await register(world, 'last', { name: 'Ann Other', phone: '+1 202 555 0199' });
    expect(await proposals()).toHaveLength(19);
  });

  it('is ignored from the twenty-first party on', async () => {
    for (let i = 0; i < 20; i++)
      await capture(world, `lead ${i}`, { name: 'Ann Other', phone: '+1 202 555 0199' });
    await world.settle();
    const customer = await register(world, 'last', { name: 'Ann Other', phone: '+1 202 555 0199' });
    await world.settle();
    expect(await proposals()).toEqual([]);
    expect(await typesOf(world, `customer-${customer}`)).toContain('ContactPointAdded');
  }, 60_000);
});

describe('ids of other systems', () => {
  const link = (id: string, system: string, externalId: string) =>
    world.send('customer', 'LinkExternalIdentity', { system, externalId, confidence: 100 }, { id });

  it('make it certain when they are the same', async () => {
    const [a, b] = [
      await register(world, 'a', { name: 'Ann One' }),
      await register(world, 'b', { name: 'Ann One' }),
    ];
    await link(a, 'ERP', '4711');
    await link(b, ' erp ', '4711');
    await world.settle();
    expect(await types('MatchProposed', 'MatchApproved', 'CustomerAbsorbed')).toEqual([
      'MatchProposed',
      'MatchApproved',
      'CustomerAbsorbed',
    ]);
    expect((await proposals())[0]?.score).toBe(100);
  });

  it('forbid certainty when verified strong ones differ', async () => {
    const [a, b] = [
      await register(world, 'a', { name: 'Ann One' }),
      await register(world, 'b', { name: 'Ann One' }),
    ];
    await link(a, 'tax-id', 'X1');
    await link(b, 'tax-id', 'X2');
    await link(a, 'erp', '4711');
    await link(b, 'erp', '4711');
    await world.settle();
    expect((await proposals()).map(({ score }) => score)).toEqual([90]);
    expect(await types('MatchApproved')).toEqual([]);
    const refusal = await world
      .send('match', 'ProposeMatch', { leftId: a, rightId: b })
      .catch((error: unknown) => error);
    expect(isTenureError(refusal, 'ALREADY_EXISTS') || isTenureError(refusal, 'ILLEGAL_STATE')).toBe(true);
  });
});

describe('a match that was rejected', () => {
  it('is not proposed again under the same rules', async () => {
    const known = await register(world, 'lin');
    await capture(world, 'second', { name: 'Xiaomei Lin', phone: '+1 202 555 0143' });
    await world.settle();
    const id = matchIdOf(known, partyOf('second'));
    await world.send('match', 'RejectMatch', { reason: 'two people' }, { id });
    await world.send(
      'customer',
      'AddContactPoint',
      { channel: 'SMS', value: '+1 202 555 0143' },
      { id: known },
    );
    await world.settle();
    expect(await typesOf(world, `match-${id}`)).toEqual(['MatchProposed', 'MatchRejected']);
    expect(world.refused).toContain('ProposeMatch: ALREADY_REJECTED');
  });
});

describe('two leads of one person whom nobody has registered', () => {
  it('are no two leads: the later one is marked', async () => {
    await capture(world, 'early');
    world.advance(60_000);
    await capture(world, 'late');
    await world.settle();
    expect((await proposals()).map(({ score }) => score)).toEqual([95]);
    expect(await typesOf(world, `lead-${idOf('late')}`)).toEqual(['LeadCaptured', 'LeadMarkedDuplicate']);
    expect(await typesOf(world, `lead-${idOf('early')}`)).toEqual(['LeadCaptured']);
    expect(await types('MatchApproved')).toEqual([]);
    const refusal = await world
      .send('match', 'ApproveMatch', {}, { id: matchIdOf(partyOf('early'), partyOf('late')) })
      .catch((error: unknown) => error);
    expect(isTenureError(refusal, 'SURVIVOR_NOT_REGISTERED')).toBe(true);
  });

  it('stay two below certainty', async () => {
    await capture(world, 'early', { name: 'Lin Xiaomei', phone: '+1 202 555 0143' });
    await capture(world, 'late', { name: 'Lin Xiaomei', phone: '+1 202 555 0143' });
    await world.settle();
    expect(await proposals()).toEqual([]);
  });
});

describe('a lead of a customer who absorbed others', () => {
  it('is matched with the survivor, by what the absorbed were known by', async () => {
    const known = await register(world, 'known', { name: 'Lin Xiaomei', email: 'lin@example.com' });
    await capture(world, 'first', { name: 'Lin Xiaomei', phone: '+1 202 555 0143' });
    await world.send('customer', 'MergeCustomers', { absorbedIds: [partyOf('first')] }, { id: known });
    await world.settle();
    await capture(world, 'second', { name: 'Lin Xiaomei', phone: '+1 202 555 0143' });
    await world.settle();
    const [found, ...more] = await proposals();
    expect(more).toEqual([]);
    expect(new Set([found?.leftId, found?.rightId])).toEqual(new Set([known, partyOf('second')]));
    expect(JSON.stringify(found?.evidence)).toContain(idOf('first'));
  });
});

describe('a certain match', () => {
  it('ends in one survivor, whatever step the process dies at, and is delivered twice without effect', async () => {
    const happened = ['MatchProposed', 'MatchApproved', 'CustomersMerged', 'CustomerAbsorbed'];
    const deaths = await atEveryStep(
      async () => {
        await world.close();
        world = await openWorld();
        return world;
      },
      async () => {
        await register(world, 'lin');
        await capture(world, 'second');
      },
      async () => {
        expect(await types(...happened)).toEqual(happened);
        await world.redeliver();
        await world.settle();
        expect(await types(...happened, 'CustomersUnmerged')).toEqual(happened);
        await checkWhole(world, [idOf('lin'), partyOf('second')]);
      },
    );
    // Propose, approve, merge, absorb, look whether it is whole.
    expect(deaths).toBe(2 * 5);
  }, 60_000);
});

describe('imported history', () => {
  it('proposes nothing, but is matched with what comes later', async () => {
    await world.import('lead', 'CaptureLead', {
      ...{ leadId: idOf('old'), source: 'IMPORT', interests: [] },
      person: { name: 'Lin Xiaomei', email: 'lin.xiaomei@example.com' },
    });
    await register(world, 'lin', { name: 'Lin Xiaomei' });
    expect(await proposals()).toEqual([]);
    await world.send(
      'customer',
      'AddContactPoint',
      { channel: 'EMAIL', value: 'lin.xiaomei@example.com' },
      { id: idOf('lin') },
    );
    await world.settle();
    expect((await proposals()).map(({ score }) => score)).toEqual([95]);
  });
});
