import { describe, expect, it } from 'vitest';
import {
  collecting,
  fromStart,
  LANE,
  OTHER,
  plain,
  recordsOf,
  seqsOf,
  type Subject,
} from './log-under-test.ts';

export const subscribeContract = (subject: Subject): void => {
  describe('subscribe', () => {
    it('hands over what waits and then what comes, each record once and in order per lane', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 50));
      const got = collecting();
      const subscription = await log.subscribe('g', ['order'], fromStart, got.handler);
      await got.records(50);
      await log.publish(LANE, recordsOf(51, 60));
      await log.publish(OTHER, recordsOf(1, 10));
      await got.records(70);
      await subscription.stop();
      await subscription.ended;
      expect(got.seqs(LANE)).toEqual(seqsOf(recordsOf(1, 60)));
      expect(got.seqs(OTHER)).toEqual(seqsOf(recordsOf(1, 10)));
      const handed = got.batches
        .flat()
        .flatMap((batch) => (batch.lane.partition === LANE.partition ? batch.records : []));
      expect(plain(handed)).toEqual(plain(recordsOf(1, 60)));
    });
    it('begins at the seq asked for on each lane, also one that is not there yet', async () => {
      const { log } = subject();
      await log.publish(LANE, recordsOf(1, 50));
      await log.publish(OTHER, recordsOf(1, 5));
      const got = collecting();
      const asked: string[] = [];
      const subscription = await log.subscribe(
        'g',
        ['order'],
        async (lane) => {
          asked.push(`${lane.source}/${lane.partition}`);
          return lane.partition === LANE.partition ? 48 : 8;
        },
        got.handler,
      );
      await got.records(3);
      await log.publish(OTHER, recordsOf(6, 9));
      await got.records(5);
      await subscription.stop();
      expect(asked.toSorted()).toEqual(['order/0', 'order/1', 'order/2', 'order/3']);
      expect(got.seqs(LANE)).toEqual([48, 49, 50]);
      expect(got.seqs(OTHER)).toEqual([8, 9]);
    });
  });
};

export const topicsContract = (subject: Subject): void => {
  describe('subscribe to topics', () => {
    it('follows several topics and no other, those without a record yet too', async () => {
      const { log } = subject();
      const customer = { source: 'customer', partition: 0 };
      const got = collecting();
      const subscription = await log.subscribe('g', ['order', 'customer'], fromStart, got.handler);
      await log.publish({ source: 'clock', partition: 0 }, recordsOf(1, 3));
      await log.publish(customer, recordsOf(1, 2));
      await log.publish(LANE, recordsOf(1, 2));
      await got.records(4);
      await subscription.stop();
      expect([got.seqs(customer), got.seqs(LANE)]).toEqual([
        [1, 2],
        [1, 2],
      ]);
    });
    it('hands all lanes that got records in one tick over together', async () => {
      const { log } = subject();
      const got = collecting();
      const subscription = await log.subscribe('g', ['order'], fromStart, got.handler);
      await Promise.all([LANE, OTHER].map((lane) => log.publish(lane, recordsOf(1, 3))));
      await got.records(6);
      await subscription.stop();
      expect(got.batches).toHaveLength(1);
    });
  });
};

export const paceContract = (subject: Subject): void => {
  describe('subscribers at different speeds', () => {
    it('hands over nothing more before the handler has acknowledged', async () => {
      const { log } = subject();
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const got = collecting((call) => {
        begun.resolve();
        return call === 0 ? gate.promise : undefined;
      });
      await log.publish(LANE, recordsOf(1, 3));
      const subscription = await log.subscribe('g', ['order'], fromStart, got.handler);
      await begun.promise;
      await log.publish(LANE, recordsOf(4, 6));
      expect(got.batches).toHaveLength(0);
      gate.resolve();
      await got.records(6);
      await subscription.stop();
      expect(got.batches.map((batches) => batches.map(({ records }) => seqsOf(records)))).toEqual([
        [[1, 2, 3]],
        [[4, 5, 6]],
      ]);
    });
    it('lets a fast one go on while a slow one holds its batch, and gives the slow one the rest afterwards', async () => {
      const { log } = subject();
      const gate = Promise.withResolvers<void>();
      const slow = collecting((call) => (call === 0 ? gate.promise : undefined));
      const fast = collecting();
      const subscriptions = [
        await log.subscribe('slow', ['order'], fromStart, slow.handler),
        await log.subscribe('fast', ['order'], fromStart, fast.handler),
      ];
      for (let seq = 1; seq <= 2000; seq += 100) await log.publish(LANE, recordsOf(seq, seq + 99));
      await fast.records(2000);
      expect(slow.batches).toHaveLength(0);
      await log.flush();
      gate.resolve();
      await slow.records(2000);
      expect(slow.seqs(LANE)).toEqual(fast.seqs(LANE));
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    });
  });
};

export const fairnessContract = (subject: Subject): void => {
  describe('a hand-over', () => {
    it('is bounded, and starves no lane', async () => {
      const { log } = subject();
      for (let seq = 1; seq <= 25_000; seq += 1000) await log.publish(LANE, recordsOf(seq, seq + 999));
      await log.publish(OTHER, recordsOf(1, 10));
      const got = collecting();
      const subscription = await log.subscribe('g', ['order'], fromStart, got.handler);
      await got.records(25_010);
      await subscription.stop();
      const sizes = got.batches.map((batches) =>
        batches.reduce((sum, { records }) => sum + records.length, 0),
      );
      expect(Math.max(...sizes)).toBeLessThanOrEqual(5000);
      const otherAt = got.batches.findIndex((batches) =>
        batches.some(({ lane }) => lane.partition === OTHER.partition),
      );
      expect(otherAt).toBeLessThan(4);
      expect(got.seqs(LANE)).toEqual(seqsOf(recordsOf(1, 25_000)));
    });
  });
};

export const stopContract = (subject: Subject): void => {
  describe('the end of a subscription', () => {
    it('lets the handler finish and hands over nothing more', async () => {
      const { log } = subject();
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const got = collecting(() => {
        begun.resolve();
        return gate.promise;
      });
      const subscription = await log.subscribe('g', ['order'], fromStart, got.handler);
      await log.publish(LANE, recordsOf(1, 2));
      await begun.promise;
      const stopping = subscription.stop();
      await log.publish(LANE, recordsOf(3, 4));
      gate.resolve();
      await stopping;
      await subscription.ended;
      expect(got.seqs(LANE)).toEqual([1, 2]);
    });
    it('comes with the log, also while it is waiting', async () => {
      const { log } = subject();
      const subscription = await log.subscribe('g', ['order'], fromStart, collecting().handler);
      await log.close();
      await expect(subscription.ended).resolves.toBeUndefined();
    });
  });
};
