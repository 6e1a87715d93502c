// LeadConversion over three services: whatever stops, comes late, twice or in another order, a lead ends converted with
// one customer and one deal, or qualified as before.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { uuid5 } from '../../packages/core/src/index.ts';
import { idOf } from '../../packages/testing/src/index.ts';
import { customerService } from '../../services/customer/src/service.ts';
import { leadService } from '../../services/lead/src/service.ts';
import { opportunityService } from '../../services/opportunity/src/service.ts';
import { createDriver } from './driver.ts';
import { createWorld, type World } from './world.ts';

const NOW = Date.UTC(2026, 0, 7);
const DEADLINE = NOW + 60_000;
const [leadId, existing, joined, agent] = ['lead', 'existing customer', 'deal', 'agent'].map(idOf) as [
  string,
  string,
  string,
  string,
];
const party = uuid5(leadId, 'customer');

const draft = {
  name: 'First order',
  kind: 'NEW_BUSINESS',
  pipelineId: 'sales',
  stageId: 'discovery',
  amount: { minor: 120_000, currency: 'CNY' },
  expectedCloseOn: '2026-01-16',
  ownerId: agent,
};

type Mode = {
  readonly customerMode: 'NEW' | 'EXISTING';
  readonly opportunityMode: 'NEW' | 'EXISTING' | 'NONE';
};
const MODES: readonly Mode[] = (['NEW', 'EXISTING'] as const).flatMap((customerMode) =>
  (['NEW', 'EXISTING', 'NONE'] as const).map((opportunityMode) => ({ customerMode, opportunityMode })),
);
const named = MODES.map((mode) => [`${mode.customerMode} and ${mode.opportunityMode}`, mode] as const);

const askedFor = ({ customerMode, opportunityMode }: Mode, pipelineId = 'sales') => ({
  customerMode,
  customerKind: 'PERSON',
  opportunityMode,
  ...(customerMode === 'EXISTING' && { existingCustomerId: existing }),
  ...(opportunityMode === 'EXISTING' && { opportunityId: joined }),
  ...(opportunityMode === 'NEW' && { opportunity: { ...draft, pipelineId, pipelineVersion: 1 } }),
});

/** A qualified lead, a customer and a deal of his; then the conversion is asked for. */
const begun = async (mode: Mode, pipelineId?: string) => {
  const world = await createWorld([customerService, leadService, opportunityService], NOW);
  const lead = (command: string, body: object = {}, key = command) =>
    world.send('lead', 'lead', leadId, command, body, key);
  await world.send('customer', 'customer', existing, 'RegisterCustomer', {
    customerId: existing,
    kind: 'PERSON',
    displayName: 'Known',
    source: 'MANUAL',
  });
  await world.send('opportunity', 'opportunity', joined, 'OpenOpportunity', {
    opportunityId: joined,
    customerId: existing,
    ...draft,
  });
  await lead('CaptureLead', { leadId, source: 'EVENT', person: { name: 'Lin' } });
  await lead('AssignLead', { ownerId: agent });
  await lead('QualifyLead', { level: 'MQL' });
  const driver = createDriver(world);
  await driver.settle();
  await lead('RequestConversion', askedFor(mode, pipelineId));
  await world.foldAll();
  return { world, driver, lead };
};

const fireDue = async (world: World, at = DEADLINE): Promise<number> => {
  const due = await world.due(at);
  for (const one of due) await world.fire(one, at);
  return due.length;
};

const typesOf = async (world: World, source: string, stream: string): Promise<readonly string[]> =>
  (await world.eventsOf(source)).filter((event) => event.stream === stream).map(({ type }) => type);

const countOf = async (world: World, source: string, type: string, key?: string): Promise<number> =>
  (await world.eventsOf(source)).filter((event) => event.type === type && (key ?? event.key) === event.key)
    .length;

const statusOf = async (world: World): Promise<string> => (await world.state('lead', 'lead', leadId)).status;

/** One lead, one customer out of it, one deal with it in: exactly what was asked for. */
const expectConverted = async (world: World, { customerMode, opportunityMode }: Mode): Promise<void> => {
  expect(await statusOf(world)).toBe('Converted');
  expect(await countOf(world, 'lead', 'LeadConverted')).toBe(1);
  const isNew = customerMode === 'NEW';
  expect(await typesOf(world, 'customer', `customer-${party}`)).toEqual([
    isNew ? 'CustomerRegistered' : 'CustomerAbsorbed',
  ]);
  expect(await countOf(world, 'customer', 'CustomersMerged', existing)).toBe(isNew ? 0 : 1);
  const opened = (await world.eventsOf('opportunity')).filter(({ type }) => type === 'OpportunityOpened');
  expect(opened.map(({ key }) => key)).toEqual([
    existing,
    ...(opportunityMode === 'NEW' ? [isNew ? party : existing] : []),
  ]);
  expect(await countOf(world, 'opportunity', 'OpportunityContactAttached')).toBe(
    opportunityMode === 'EXISTING' ? 1 : 0,
  );
};

const allEvents = async (world: World): Promise<number> => {
  let events = 0;
  for (const source of ['lead', 'customer', 'opportunity']) events += (await world.eventsOf(source)).length;
  return events;
};

/** How many deliveries a conversion takes when nothing goes wrong. */
const STEPS = new Map<Mode, number>();
beforeEach(async () => {
  for (const mode of MODES) {
    if (STEPS.has(mode)) continue;
    const { driver } = await begun(mode);
    STEPS.set(mode, await driver.settle());
  }
});

describe.each(named)('a conversion into %s', (_, mode) => {
  it('ends converted, and a redelivery of everything changes nothing', async () => {
    const { world, driver } = await begun(mode);
    await driver.settle();
    await expectConverted(world, mode);
    const before = await allEvents(world);
    await driver.redeliver();
    await driver.redeliver();
    expect(await allEvents(world)).toBe(before);
    expect(await world.due(DEADLINE)).toEqual([]);
  });

  it('that stops anywhere is taken back in time, and completed when the rest comes late', async () => {
    const steps = STEPS.get(mode) ?? 0;
    expect(steps).toBeGreaterThan(1);
    let takenBack = 0;
    for (let stop = 0; stop < steps; stop++) {
      const { world, driver } = await begun(mode);
      await driver.settle(stop);
      await fireDue(world);
      const status = await statusOf(world);
      const failed = await countOf(world, 'lead', 'LeadConversionFailed');
      // Either everything had happened, or the lead is what it was before.
      expect(['Qualified', 'Converting', 'Converted']).toContain(status);
      expect(failed).toBe(status === 'Qualified' ? 1 : 0);
      takenBack += failed;
      await driver.settle();
      await fireDue(world);
      await expectConverted(world, mode);
      const before = await allEvents(world);
      await driver.redeliver();
      expect(await allEvents(world)).toBe(before);
    }
    expect(takenBack).toBeGreaterThan(0);
  });

  it('survives a death in the middle of every step', async () => {
    const steps = STEPS.get(mode) ?? 0;
    for (let stop = 0; stop < steps; stop++) {
      const { world, driver } = await begun(mode);
      await driver.settle(stop);
      const [next] = await driver.waiting();
      if (next === undefined) continue;
      // It dies behind its first command, before anybody knows: the event comes again.
      const dying = world.deliver(next, async (request) => {
        await world.bus.submit(request);
        throw new Error('killed');
      });
      await dying.catch(() => {});
      await driver.settle();
      await expectConverted(world, mode);
    }
  });
});

describe('a conversion that the deal service refuses', () => {
  const mode = { customerMode: 'NEW', opportunityMode: 'NEW' } as const;

  it('fails with the step that did not succeed, and is retried with the same streams', async () => {
    const { world, driver, lead } = await begun(mode, 'nowhere');
    await driver.settle();
    expect(await statusOf(world)).toBe('Converting');
    await fireDue(world, DEADLINE - 1);
    expect(await statusOf(world)).toBe('Converting');
    await fireDue(world);
    expect(await statusOf(world)).toBe('Qualified');
    const failed = (await world.eventsOf('lead')).find(({ type }) => type === 'LeadConversionFailed');
    expect(failed?.data).toMatchObject({ step: 'opportunity', reasonCode: 'TIMEOUT' });
    // The customer is there already: the retry completes with him, and registers nobody.
    await driver.settle();
    expect(await statusOf(world)).toBe('Qualified');
    await lead('RequestConversion', askedFor(mode), 'retry');
    await driver.settle();
    await expectConverted(world, mode);
  });

  it('is completed by a retry of which everything has happened already', async () => {
    const { world, driver, lead } = await begun(mode, 'nowhere');
    await driver.settle();
    await fireDue(world);
    const none = askedFor({ ...mode, opportunityMode: 'NONE' });
    await lead('RequestConversion', none, 'retry');
    await driver.settle();
    await expectConverted(world, { ...mode, opportunityMode: 'NONE' });
  });
});

describe('a deal that is to be joined', () => {
  it('is open, else the lead stays what it was', async () => {
    for (const over of [true, false]) {
      const mode = { customerMode: 'NEW', opportunityMode: 'EXISTING' } as const;
      const { world, driver } = await begun(mode);
      if (over)
        await world.send('opportunity', 'opportunity', joined, 'AbandonOpportunity', {
          reasonCode: 'INTERNAL',
        });
      await driver.settle();
      await fireDue(world);
      expect(await statusOf(world)).toBe(over ? 'Qualified' : 'Converted');
    }
  });
});

describe('any schedule', () => {
  it('ends converted, with one customer and one deal', async () => {
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MODES),
        fc.array(
          fc.record({
            pick: fc.nat({ max: 50 }),
            what: fc.constantFrom('step', 'step', 'step', 'again', 'kill', 'fold', 'deadline'),
          }),
          { maxLength: 25, size: 'max' },
        ),
        async (mode, schedule) => {
          const { world, driver } = await begun(mode);
          let fired = false;
          for (const { pick, what } of schedule) {
            const waiting = await driver.waiting();
            const all = await world.deliveries();
            const next = waiting[pick % Math.max(1, waiting.length)];
            const any = all[pick % all.length];
            if (what === 'step' && next !== undefined) await driver.step(next);
            // Only what was delivered before may come again.
            if (what === 'again' && any !== undefined && !waiting.includes(any)) {
              const isDue = waiting.some(
                (one) =>
                  one.service === any.service &&
                  one.source === any.source &&
                  one.event.key === any.event.key &&
                  one.event.position <= any.event.position,
              );
              if (!isDue) await world.deliver(any);
            }
            if (what === 'kill' && next !== undefined)
              await world
                .deliver(next, async (request) => {
                  if (pick % 2 === 0) await world.bus.submit(request);
                  throw new Error('killed');
                })
                .catch(() => {});
            if (what === 'fold') await world.foldAll();
            if (what === 'deadline' && !fired) {
              await fireDue(world);
              fired = true;
            }
          }
          failures += await countOf(world, 'lead', 'LeadConversionFailed');
          await driver.settle();
          await expectConverted(world, mode);
          const before = await allEvents(world);
          await driver.redeliver();
          expect(await allEvents(world)).toBe(before);
        },
      ),
      { numRuns: 60 },
    );
    // Schedules in which the deadline never struck in time would show little.
    expect(failures).toBeGreaterThan(0);
  });
});
