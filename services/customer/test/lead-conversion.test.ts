// LeadConversion, the customer's part, with the real lead service: a lead becomes a customer or joins one, whatever
// happens on the way.
import { idOf } from '@tenure/testing';
import { atEveryStep, type World } from '@tenure/testing/processes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capture, checkWhole, openWorld, partyOf, register, stateOf, typesOf } from './processes.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const qualified = async (lead: string, person: Parameters<typeof capture>[2]): Promise<void> => {
  const id = idOf(lead);
  await capture(world, lead, person);
  await world.send('lead', 'AssignLead', { ownerId: idOf('agent-1') }, { id });
  await world.send('lead', 'QualifyLead', { level: 'MQL' }, { id });
  await world.settle();
};

const convert = (lead: string, body: object) =>
  world.send(
    'lead',
    'RequestConversion',
    { opportunityMode: 'NONE', customerKind: 'PERSON', ...body },
    { id: idOf(lead) },
  );

const anew = async (): Promise<World> => {
  await world.close();
  world = await openWorld();
  return world;
};

const ann = { name: 'Ann One', email: 'ann@example.com', company: 'Hengli Workshop' };

describe('a new customer', () => {
  it('is the party of the lead, under its person’s name, whatever step the process dies at', async () => {
    const deaths = await atEveryStep(
      anew,
      async () => {
        await qualified('first', ann);
        await convert('first', { customerMode: 'NEW' });
      },
      async () => {
        const events = (await world.events()).filter(({ type }) => type === 'CustomerRegistered');
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({
          stream: `customer-${partyOf('first')}`,
          data: { kind: 'PERSON', source: 'LEAD_CONVERSION', originLeadId: idOf('first'), locale: 'zh-CN' },
        });
        expect((await typesOf(world, `lead-${idOf('first')}`)).at(-1)).toBe('LeadConverted');
        // Contact points are added by people.
        expect((await stateOf(world, partyOf('first'))).contactPoints).toEqual([]);
      },
    );
    expect(deaths).toBeGreaterThanOrEqual(2 * 2);
  }, 60_000);

  it('is called as the company when it is one', async () => {
    await qualified('first', ann);
    await convert('first', { customerMode: 'NEW', customerKind: 'ORGANISATION' });
    await world.settle();
    const [registered] = (await world.events()).filter(({ type }) => type === 'CustomerRegistered');
    expect(registered?.data).toMatchObject({ kind: 'ORGANISATION' });
    // Names are compared by what they are, not read: the company of another organisation is the same one.
    await register(world, 'other', { name: 'Hengli Workshop Ltd', email: 'ann@example.com' }, 'ORGANISATION');
    const [proposed] = (await world.events()).filter(({ type }) => type === 'MatchProposed');
    expect(proposed?.data).toMatchObject({
      evidence: [
        { kind: 'EMAIL', score: 75 },
        { kind: 'COMPANY', score: 5 },
      ],
    });
  });

  it('has no name when its keys are destroyed: the conversion is left to its deadline', async () => {
    await qualified('first', ann);
    await convert('first', { customerMode: 'NEW' });
    await world.keys.destroy(partyOf('first'));
    await world.settle();
    expect(await typesOf(world, `customer-${partyOf('first')}`)).toEqual([]);
  });
});

describe('an existing customer', () => {
  it('takes the party of the lead in, whatever step the process dies at', async () => {
    const known = idOf('known');
    const deaths = await atEveryStep(
      anew,
      async () => {
        await register(world, 'known', { name: 'Somebody Else' });
        await qualified('first', ann);
        await convert('first', { customerMode: 'EXISTING', existingCustomerId: known });
      },
      async () => {
        const [merged, ...more] = (await world.events()).filter(({ type }) => type === 'CustomersMerged');
        expect(more).toEqual([]);
        expect(merged?.data).toMatchObject({
          survivorId: known,
          absorbedIds: [partyOf('first')],
          ruleId: 'conversion',
        });
        expect(await stateOf(world, partyOf('first'))).toMatchObject({
          status: 'Absorbed',
          survivorId: known,
        });
        expect((await typesOf(world, `lead-${idOf('first')}`)).at(-1)).toBe('LeadConverted');
        await checkWhole(world, [known, partyOf('first')]);
      },
    );
    expect(deaths).toBeGreaterThanOrEqual(2 * 3);
  }, 60_000);
});
