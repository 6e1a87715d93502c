// Work of one customer in order, work of many customers at once.

/** `soon` is called when the work before it begins, where there is one: what it needs can be fetched meanwhile. Must not throw. */
export type Work = { readonly soon: () => void; readonly run: () => Promise<void> };

/** Runs work under a key: that of one key one after the other, at most `atOnce` keys at a time. Work must not reject. */
export const inOrder = (atOnce: number): ((key: string, work: Work) => void) => {
  const queues = new Map<string, Work[]>();
  const waiting: string[] = [];
  let running = 0;

  const drain = async (key: string, queue: Work[]): Promise<void> => {
    running++;
    for (let work = queue.shift(); work !== undefined; work = queue.shift()) {
      (queue[0] ?? queues.get(waiting[0] ?? '')?.[0])?.soon();
      await work.run();
    }
    queues.delete(key);
    running--;
    const next = waiting.shift();
    const queueOfNext = next === undefined ? undefined : queues.get(next);
    if (next !== undefined && queueOfNext !== undefined) void drain(next, queueOfNext);
  };
  const begin = (key: string, queue: Work[]): void => {
    queues.set(key, queue);
    if (running < atOnce) void drain(key, queue);
    else waiting.push(key);
  };
  return (key, work) => {
    const queue = queues.get(key);
    if (queue === undefined) begin(key, [work]);
    else queue.push(work);
  };
};
