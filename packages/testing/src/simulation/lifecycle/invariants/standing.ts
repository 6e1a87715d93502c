// When the lifecycle has come to its end: nobody has anything left to read, and nothing is due that could be done.
import { addDays, dateAt, daysBetween, type Clock } from '@tenure/core';
import type { DeadlineSet } from '@tenure/service-kit';
import { CLOCK, type Durable } from '../../durable.ts';
import { MANY } from '../../invariants/facts.ts';
import { standingOf, type Readers } from '../../invariants/settled.ts';
import type { Standing } from '../../play.ts';
import { stateOf } from './commands.ts';
import { factsOf, type Facts } from './facts.ts';
import { codec, deadlines, definitions, followers, services, ZONE } from '../platform.ts';

const listeners = [
  ...services
    .filter(({ reactions = [] }) => reactions.length > 0)
    .map(({ name, reactions = [] }) => ({
      model: `${name}-reactions`,
      topics: [...new Set(reactions.flatMap(({ on }) => Object.keys(on)))],
    })),
  ...followers.map(({ service, follower }) => ({
    model: `${service.name}-${follower.name}-reactions`,
    topics: [...Object.keys(follower.projection.slices).filter((source) => source !== service.name), CLOCK],
  })),
];

type Waits = Readonly<Record<string, DeadlineSet>>;

/** What a document of deadlines waits for. */
export const waitsOf = (body: string): readonly DeadlineSet[] => {
  const { slices } = JSON.parse(body) as {
    readonly slices: Readonly<Record<string, { readonly waits: Waits }>>;
  };
  return Object.values(slices).flatMap(({ waits }) => Object.values(waits));
};

const lastClosed = async (durable: Durable): Promise<string | null> => {
  const last = (await durable.store(CLOCK).readAll(0, MANY)).at(-1);
  if (last === undefined) return null;
  return (codec.decode(CLOCK, last).data as { readonly businessDate: string }).businessDate;
};

type Waiting = Parameters<Readers['isDue']>[0];

/** Where everybody stands: who reads the log, what is due, and which days are over but not closed. */
export const standingAt = async (durable: Durable, clock: Clock): Promise<Standing> => {
  const now = clock.now();
  const closed = await lastClosed(durable);
  const dueIn = ({ body }: Waiting): readonly DeadlineSet[] =>
    waitsOf(body).filter((one) => ('at' in one ? one.at <= now : one.day <= (closed ?? '')));
  const look = (isDue: Readers['isDue']): Promise<Standing> =>
    standingOf(durable, {
      definitions: definitions.map(({ definition }) => definition),
      ...{ listeners, deadlines, isDue },
    });
  const days = closed === null ? 0 : 1 - daysBetween(closed, addDays(dateAt(now, ZONE), -1));
  const ofDays: Standing = new Map([['days that are over closed', { wanted: 1, reached: days }]]);
  const standing = await look((waiting) => dueIn(waiting).length > 0);
  if (isReached(standing)) return new Map([...standing, ...ofDays]);
  const facts = await factsOf(durable);
  return new Map([...(await look((waiting) => dueIn(waiting).some((one) => canBe(facts, one)))), ...ofDays]);
};

const isReached = (standing: Standing): boolean =>
  [...standing.values()].every(({ wanted, reached }) => reached >= wanted);

const UNDER_WAY = ['Requested', 'Approved', 'Received'];

/**
 * False for what is refused as long as nobody else does something: an order waits with its closing for a return that is
 * under way, and a case that was reopened climbs no step of the ladder twice.
 */
const canBe = (facts: Facts, { command: { command, id, body } }: DeadlineSet): boolean => {
  switch (command) {
    case 'CloseOrder':
      return !facts
        .of('ReturnReserved')
        .some(
          ({ data }) =>
            data.orderId === id && UNDER_WAY.includes(stateOf(facts, `return-${data.returnId}`).status),
        );
    case 'EscalateCase': {
      const { level } = body as { readonly level: number };
      return !facts.of('CaseEscalated').some(({ data }) => data.caseId === id && data.level >= level);
    }
    default:
      return true;
  }
};
