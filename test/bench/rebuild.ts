// A rebuild of the real customer-360 from a log: time, memory, and whether twice the log takes twice the time.
import { median, type Bench } from './figures.ts';
import { build, type Built } from './build.ts';
import { keptLog } from './dataset.ts';
import { emptyFolder } from './places.ts';

/** How the goals grow with the size of the log. */
const SECONDS_PER_MILLION = 4.5;
/** The slope compares with a log of this part of the size. */
const PART = 4;

const buildAll = async (events: number, rounds: number): Promise<readonly Built[]> => {
  const log = await keptLog(events);
  const all: Built[] = [];
  for (let i = 0; i < rounds; i++) all.push(await build(log, emptyFolder('rebuild-models')));
  return all;
};

export const bench: Bench = async ({ events, rounds }) => {
  const small = await buildAll(Math.ceil(events / PART), rounds);
  const large = await buildAll(events, rounds);
  const of = (all: readonly Built[], pick: (one: Built) => number): number => median(all.map(pick));
  const perEvent = (all: readonly Built[]): number => of(all, (one) => one.seconds / one.events);
  const [first] = large;
  return {
    about: {
      events,
      customers: first?.documents ?? 0,
      document: `${first?.bodyBytes ?? 0} B`,
      durability: 'flushed at the end',
      memory: 'of a process that does nothing but build, its own 60 MB included',
      rounds,
    },
    figures: [
      {
        name: `rebuild of ${events / 1e6} M events`,
        value: of(large, ({ seconds }) => seconds),
        unit: 's',
        goal: { atMost: (SECONDS_PER_MILLION * events) / 1e6 },
      },
      { name: 'events a second', value: 1 / perEvent(large), unit: 'events/s' },
      { name: 'peak memory', value: of(large, ({ peakMb }) => peakMb), unit: 'MB', goal: { atMost: 450 } },
      {
        name: `slope: time per event beside a log of a ${PART}th of the size`,
        value: perEvent(large) / perEvent(small),
        unit: '×',
        goal: { atMost: 1.05 },
      },
    ],
  };
};
