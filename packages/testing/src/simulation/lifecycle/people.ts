// People at work: they look at what there is, choose something that may be done with it (sometimes something that may
// not), and send it again until it is answered.
import { addDays, dateAt, isTenureError } from '@tenure/core';
import type { CommandRequest, CommandResult } from '@tenure/service-kit';
import type { Random } from '../../random.ts';
import type { Running } from '../deployment.ts';
import { bodies, PROGRAM, REWARDS, type Draw } from './bodies.ts';
import type { Parts } from './boot.ts';
import { DAY_MS, MINUTE_MS } from './business-clock.ts';
import { services, ZONE } from './platform.ts';
import { caller, send } from './sending.ts';
import { weighted } from './weights.ts';
import type { World } from './world.ts';

const THINK_MS = 400;
const ILLEGAL = 0.1; // of the commands are chosen without a look at what is allowed
const BOTH_ASK = 0.4; // of the returns are asked for twice, as two returns

const TYPES = services.flatMap(({ name: service, aggregates }) =>
  aggregates.flatMap((spec) => {
    const known = bodies[spec.model.name];
    const { plural, creates, list, source = service } = spec;
    return known === undefined
      ? []
      : [{ service, aggregate: spec.model.name, plural, creates, list, source, known }];
  }),
);
type Kind = (typeof TYPES)[number];

/** What is begun, and how often at most: few things that get far say more than many that are only begun. */
const BEGIN: Readonly<Record<string, number>> = {
  ...{ lead: 5, customer: 2, opportunity: 2, order: 4, case: 2, complaint: 2 },
};
/** What people go on with, the likelier the oftener it stands here. */
const GO_ON = [
  'lead',
  'lead',
  'opportunity',
  'opportunity',
  'order',
  'order',
  'order',
  'return',
  'return',
].concat(
  ['case', 'case', 'complaint', 'complaint', 'loyaltyaccount', 'loyaltyaccount', 'retentioncase', 'match'],
  ['customer', 'customer'],
);
/** Looks at so many things until there is one with which something can be done. */
const LOOKS = 4;

const kindOf = (aggregate: string): Kind => {
  const kind = TYPES.find((one) => one.aggregate === aggregate);
  if (kind === undefined) throw new TypeError(`nobody knows what to say to ${aggregate}`);
  return kind;
};

/** The programme that members earn points in: written in one piece. */
export const setUp = (world: World): Promise<CommandResult | null> =>
  send(world, {
    ...requestOf(kindOf('loyaltyaccount'), 'setup', null, ''),
    aggregate: 'loyaltyprogram',
    route: '/api/loyalty-programs',
    steps: [
      {
        command: 'DraftProgram',
        body: { programId: PROGRAM, name: 'Club', pointsName: 'points', autoEnrol: true },
      },
      { command: 'PublishTierLadder', body: LADDER },
      { command: 'PublishEarningRules', body: RULES },
      ...REWARDS.map((rewardId, i) => ({
        command: 'PublishReward',
        body: { rewardId, name: `reward ${i}`, kind: 'SERVICE', cost: 300 + 700 * i },
      })),
    ],
  });

const LADDER = {
  metric: 'POINTS',
  period: 'CALENDAR_YEAR',
  tiers: [
    { tierId: 'BRONZE', name: 'Bronze', threshold: 0 },
    { tierId: 'SILVER', name: 'Silver', threshold: 1_000 },
    { tierId: 'GOLD', name: 'Gold', threshold: 5_000 },
  ],
};
const RULES = {
  rules: [
    {
      ruleId: 'base',
      when: { gt: ['line.base', 0] },
      points: { floor: { div: ['line.base', 'minorPerPoint'] } },
      cap: 20_000,
    },
  ],
  lotPolicy: { availableAfterDays: 1, expiry: 'AFTER_DAYS', expiryAfter: 20 },
};

/** One person's day: so many acts, one after the other. */
export const work = async (world: World, name: string, acts: number, random: Random): Promise<void> => {
  for (let n = 0; n < acts; n++) {
    await world.scheduler.step(`${name} thinks`, THINK_MS);
    const act = `${name}-${n}`;
    const kind = random.next();
    if (kind < 0.1) passTime(world, random);
    else if (kind < 0.35 || world.customers.length === 0) await begin(world, act, random);
    else for (let looks = 0; looks < LOOKS; looks++) if (await goOn(world, act, random)) break;
  }
};

/** Minutes, hours, now and then days: deadlines fall due, business days close. */
const passTime = ({ clock, scheduler }: World, random: Random): void => {
  const kind = random.next();
  const ms =
    kind < 0.4
      ? MINUTE_MS * (1 + random.below(5))
      : kind < 0.75
        ? 60 * MINUTE_MS * (1 + random.below(8))
        : DAY_MS * (1 + random.below(kind < 0.95 ? 2 : 12));
  clock.pass(ms);
  scheduler.note(`time passes: ${new Date(clock.now()).toISOString()}`);
};

const begin = async (world: World, act: string, random: Random): Promise<void> => {
  const open = Object.keys(BEGIN).filter((name) => (world.begun[name] ?? 0) < (BEGIN[name] ?? 0));
  const name =
    world.customers.length === 0 ? random.pick(['lead', 'customer']) : random.pick(['lead', ...open]);
  const kind = kindOf(name);
  world.begun[name] = (world.begun[name] ?? 0) + 1;
  const draw = await drawing(world, act, random, {});
  const body = kind.known[kind.creates]?.(draw) ?? null;
  if (body === null) return;
  const result = await send(world, requestOf(kind, act, null, kind.creates, body));
  if (result?.customerId && !world.customers.includes(result.customerId))
    world.customers.push(result.customerId);
};

/** False: there was nothing to do. */
const goOn = async (world: World, act: string, random: Random): Promise<boolean> => {
  const kind = kindOf(random.pick(GO_ON));
  const id = await target(world, kind, random);
  if (id === null) return false;
  const seen = await look(
    world,
    (process) => process.buses[0]?.read(kind.service, kind.aggregate, id, caller) ?? Promise.resolve(null),
  );
  if (seen === null) return false;
  const returns = kind.aggregate === 'order' && random.chance(0.5) && seen.status === 'Fulfilled';
  if (returns) return askBack(world, act, random, { orderId: id, state: seen.state });
  const allowed = random.chance(ILLEGAL) ? Object.keys(kind.known) : seen.allowedCommands;
  const sendable = allowed.filter((one) => one !== kind.creates && kind.known[one] !== undefined);
  const command = weighted(random, sendable);
  if (command === null) return false;
  const draw = await drawing(world, act, random, seen.state as Draw['state']);
  const body = kind.known[command]?.(draw) ?? null;
  if (body === null) return false;
  await send(world, requestOf(kind, act, id, command, body));
  return true;
};

const askBack = async (
  world: World,
  act: string,
  random: Random,
  { orderId, state }: { readonly orderId: string; readonly state: object },
): Promise<boolean> => {
  const draw = await drawing(world, act, random, state as Draw['state']);
  const body = bodies['order']?.['RecordFulfilment']?.(draw) ?? null;
  if (body === null) return false;
  // Two people who speak for the customer may both ask, and there may not be enough for both.
  const acts = random.chance(BOTH_ASK) ? [act, `${act} as well`] : [act];
  const asked = { orderId, ...body, reasonCode: 'DEFECT' };
  await Promise.all(
    acts.map((one) => send(world, requestOf(kindOf('return'), one, null, 'RequestReturn', asked))),
  );
  return true;
};

/** Something of this kind: a customer from memory, everything else from its list. */
const target = async (world: World, { aggregate, list }: Kind, random: Random): Promise<string | null> => {
  const known = aggregate === 'customer' ? world.customers : await listed(world, list?.name ?? '');
  return known.length === 0 ? null : random.pick(known);
};

const MOST_ROWS = 20;

const listed = async (world: World, table: string): Promise<readonly string[]> =>
  (await look(world, async ({ reader }) => {
    const query = { filters: [], sort: { column: 'id', descending: false }, after: null, limit: MOST_ROWS };
    return (await reader.query(table, query)).map(({ id }) => id);
  })) ?? [];

const drawing = async (world: World, name: string, random: Random, state: Draw['state']): Promise<Draw> => ({
  ...{ random, name, state, customers: world.customers },
  today: addDays(dateAt(world.clock.now(), ZONE), random.below(20)),
  deals: await listed(world, 'opportunities'),
  accounts: await listed(world, 'loyalty-accounts'),
  cases: await listed(world, 'cases'),
});

/** Null: it cannot be seen now, or there is nothing. */
const look = async <T>(
  { deployment }: World,
  read: (process: Running<Parts>) => Promise<T>,
): Promise<T | null> => {
  const process = await deployment.running();
  try {
    return await Promise.race([read(process), process.died.then(() => null)]);
  } catch (error) {
    if (isTenureError(error)) return null;
    throw error;
  }
};

const requestOf = (
  { service, aggregate, plural }: Kind,
  key: string,
  id: string | null,
  command: string,
  body: object = {},
): CommandRequest => ({
  ...{ service, aggregate, key, caller, principal: caller.sub, backfill: false, reactions: false },
  steps: [{ command, body }],
  ...(id !== null && { id }),
  route: id === null ? `/api/${plural}` : `/api/${plural}/{id}/${command}`,
  ifMatch: id === null ? null : '*',
});
