// What every RelayCheckpoints must do.
import { describe, expect, it } from 'vitest';
import type { RelayCheckpoints } from '../relay/checkpoints.ts';

export type CheckpointsUnderTest = {
  readonly checkpoints: RelayCheckpoints;
  readonly reopen: () => RelayCheckpoints;
  readonly remove: () => void;
};

const SOME = { position: 21, events: 7, heads: [3, 0, 4, 0] };

/** Runs the contract against an adapter. */
export const relayCheckpointsContract = (adapter: string, open: () => CheckpointsUnderTest): void => {
  const on = (run: (subject: CheckpointsUnderTest) => Promise<void>) => async (): Promise<void> => {
    const subject = open();
    try {
      await run(subject);
    } finally {
      subject.remove();
    }
  };
  describe(`RelayCheckpoints contract: ${adapter}`, () => {
    it(
      'has none at first, then the one saved last, also when opened again',
      on(async ({ checkpoints, reopen }) => {
        const { epoch, checkpoint } = await checkpoints.acquire('order');
        expect(checkpoint).toBeNull();
        await checkpoints.save('order', epoch, { ...SOME, position: 1 });
        await checkpoints.save('order', epoch, SOME);
        expect((await reopen().acquire('order')).checkpoint).toEqual(SOME);
      }),
    );
    it(
      'fences the older holder from the moment another acquires',
      on(async ({ checkpoints, reopen }) => {
        const older = await checkpoints.acquire('order');
        await checkpoints.check('order', older.epoch);
        const newer = await reopen().acquire('order');
        const refused = { code: 'RELAY_FENCED', data: { source: 'order' } };
        await expect(checkpoints.check('order', older.epoch)).rejects.toMatchObject(refused);
        await expect(checkpoints.save('order', older.epoch, SOME)).rejects.toMatchObject(refused);
        await checkpoints.save('order', newer.epoch, SOME);
        await checkpoints.check('order', newer.epoch);
      }),
    );
    it(
      'keeps sources apart',
      on(async ({ checkpoints }) => {
        const order = await checkpoints.acquire('order');
        await checkpoints.save('order', order.epoch, SOME);
        const customer = await checkpoints.acquire('customer');
        expect(customer.checkpoint).toBeNull();
        await checkpoints.check('order', order.epoch);
      }),
    );
  });
};
