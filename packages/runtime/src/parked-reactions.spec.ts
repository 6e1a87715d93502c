import { partitionOf } from '@tenure/event-log';
import type { ProjectionControl } from '@tenure/projections';
import type { ParkedReaction } from '@tenure/service-kit';
import { describe, expect, it } from 'vitest';
import { controlWith, isReactionsName } from './parked-reactions.ts';

const unused = (): never => {
  throw new Error('not used here');
};

const row = (key: string, over: Partial<ParkedReaction> = {}): ParkedReaction => ({
  ...{ service: 'loyalty', key, class: 'INTERNAL', message: 'RangeError', since: 5 },
  ...{ from: { order: 7 }, to: { order: 9 }, events: 2, attempts: 1 },
  ...over,
});
const projected = {
  ...{
    projection: 'orders',
    generation: 3,
    key: 'k',
    partition: 1,
    class: 'X',
    message: 'm',
    source: 'order',
  },
  ...{ codeHash: 'c', firstPosition: 1, lastPosition: 1, events: 1, attempts: 1, since: 1, skipped: null },
};

const setUp = (rows: readonly ParkedReaction[], mended: readonly string[] = []) => {
  const asked: string[] = [];
  const control: ProjectionControl = {
    ...{ status: unused, startReplay: unused, replays: unused, replay: unused, generations: unused },
    ...{ activate: unused, rollback: unused, retire: unused, verify: unused, verification: unused },
    ...{ heal: unused, caughtUp: unused },
    parked: async () => [projected],
    async retry(projection) {
      asked.push(`retry ${projection}`);
      return ['k'];
    },
    async skip(projection) {
      asked.push(`skip ${projection}`);
    },
  };
  const retry = async (key: string): Promise<boolean> => {
    asked.push(`react ${key}`);
    return mended.includes(key);
  };
  const reactions = [{ service: 'loyalty', parked: () => rows, retry }];
  return { asked, control: controlWith(control, reactions, 16) };
};

describe('parked reactions', () => {
  it('are shown beside what projections have parked, under the name of their service', async () => {
    const { control } = setUp([row('a')]);
    const [first, second] = await control.parked();
    expect(first).toEqual(projected);
    expect(second).toEqual({
      ...{ projection: 'reactions-loyalty', generation: 0, key: 'a', partition: partitionOf('a', 16) },
      ...{ class: 'INTERNAL', message: 'RangeError', source: 'order', codeHash: '', skipped: null },
      ...{ firstPosition: 7, lastPosition: 9, events: 2, attempts: 1, since: 5 },
    });
    expect(await control.parked('reactions-loyalty')).toEqual([second]);
    expect(await control.parked('orders')).toEqual([projected]);
    expect([isReactionsName('reactions-loyalty'), isReactionsName('orders')]).toEqual([true, false]);
  });

  it('are retried one, by class, or all; those that fail again stay', async () => {
    const rows = [row('a'), row('b', { class: 'BEHIND' }), row('c')];
    const { control, asked } = setUp(rows, ['a', 'b']);
    expect(await control.retry('reactions-loyalty', {})).toEqual(['a', 'b']);
    expect(await control.retry('reactions-loyalty', { class: 'BEHIND' })).toEqual(['b']);
    expect(await control.retry('reactions-loyalty', { key: 'c' })).toEqual([]);
    expect(await control.retry('orders', {})).toEqual(['k']);
    expect(asked).toEqual(['react a', 'react b', 'react c', 'react b', 'react c', 'retry orders']);
  });

  it('are not skipped', async () => {
    const { control, asked } = setUp([row('a')]);
    await expect(control.skip('reactions-loyalty', 'a', 'why')).rejects.toMatchObject({
      code: 'ILLEGAL_STATE',
    });
    await control.skip('orders', 'k', 'why');
    expect(asked).toEqual(['skip orders']);
  });

  it('of a row that an earlier version kept have no end', async () => {
    const { to: _, ...earlier } = row('a');
    const { control } = setUp([earlier]);
    expect(await control.parked('reactions-loyalty')).toMatchObject([{ firstPosition: 7, lastPosition: 7 }]);
  });
});
