import { describe, expect, it } from 'vitest';
import { collecting, fromStart, LANE, OTHER, recordsOf, seqsOf, type Subject } from './log-under-test.ts';

export const retryContract = (subject: Subject): void => {
  describe('a handler that rejects', () => {
    it('gets the same batches again, whatever has arrived since, with back-off from 0.1 to 30 s', async () => {
      const { log, waits } = subject();
      const tried: (readonly number[])[] = [];
      const failures = 12;
      const done = Promise.withResolvers<void>();
      const subscription = await log.subscribe('g', ['order'], fromStart, async (batches) => {
        tried.push(batches.flatMap(({ records }) => seqsOf(records)));
        if (tried.length <= failures) throw new Error('not yet');
        if (tried.length > failures + 1) done.resolve();
      });
      await log.publish(LANE, recordsOf(1, 3));
      for (let attempt = 1; attempt <= failures; attempt++) {
        await waits.begun(attempt);
        if (attempt === 1) await log.publish(OTHER, recordsOf(1, 1));
        waits.end();
      }
      await done.promise;
      await subscription.stop();
      expect(tried.slice(0, failures + 1)).toEqual(Array.from({ length: failures + 1 }, () => [1, 2, 3]));
      expect(tried.slice(failures + 1)).toEqual([[1]]);
      expect(waits.asked).toEqual([
        100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000,
      ]);
    });
  });
};

export const failingContract = (subject: Subject): void => {
  describe('a handler that keeps rejecting', () => {
    it('does not hold up others', async () => {
      const { log, waits } = subject();
      const failing = await log.subscribe('bad', ['order'], fromStart, () =>
        Promise.reject(new Error('never')),
      );
      const got = collecting();
      const healthy = await log.subscribe('good', ['order'], fromStart, got.handler);
      await log.publish(LANE, recordsOf(1, 3));
      await waits.begun(1);
      await log.publish(LANE, recordsOf(4, 6));
      await got.records(6);
      await Promise.all([failing.stop(), healthy.stop()]);
      expect(got.seqs(LANE)).toEqual([1, 2, 3, 4, 5, 6]);
    });
    it('can be stopped while it waits', async () => {
      const { log, waits } = subject();
      const subscription = await log.subscribe('g', ['order'], fromStart, () =>
        Promise.reject(new Error('never')),
      );
      await log.publish(LANE, recordsOf(1, 1));
      await waits.begun(1);
      await subscription.stop();
      await subscription.ended;
      expect(waits.asked).toHaveLength(1);
    });
  });
};
