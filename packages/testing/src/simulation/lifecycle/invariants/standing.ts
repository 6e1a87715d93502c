// When the lifecycle has come to its end: nobody has anything left to read, and nothing is due that could be done.
import { addDays, dateAt, daysBetween, type Clock } from '@tenure/core';
import type { DeadlineSet } from '@tenure/service-kit';
import { CLOCK, type Durable } from '../../durable.ts';
import { MANY } from '../../invariants/facts.ts';
import { standingOf } from '../../invariants/settled.ts';
import type { Standing } from '../../play.ts';
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

/** An order waits with its closing for a return that is under way: that is asked again every day. */
const MAY_WAIT = ['CloseOrder'];

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

/** Where everybody stands: who reads the log, what is due, and which days are over but not closed. */
export const standingAt = async (durable: Durable, clock: Clock): Promise<Standing> => {
  const now = clock.now();
  const closed = await lastClosed(durable);
  const yesterday = addDays(dateAt(now, ZONE), -1);
  const standing = await standingOf(durable, {
    definitions: definitions.map(({ definition }) => definition),
    listeners,
    deadlines,
    isDue: ({ body }) =>
      waitsOf(body).some((one) =>
        'at' in one ? one.at <= now : one.day <= (closed ?? '') && !MAY_WAIT.includes(one.command.command),
      ),
  });
  const days = closed === null ? 0 : 1 - Math.max(0, daysBetween(closed, yesterday));
  return new Map([...standing, ['days that are over closed', { wanted: 1, reached: days }]]);
};
