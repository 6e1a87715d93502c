// Calls that arrive together are done together.
type Waiting<A, R> = {
  readonly call: A;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

/** One group is one transaction: more calls than this wait for the next, so none waits long. */
const MAX_GROUP = 1_000;

/**
 * Collects the calls of one turn of the event loop (all messages that wait at a port) and hands them over in order.
 * `run` answers each call with its result or its own error; what it throws is the answer to all.
 */
export const grouped = <A, R>(
  run: (calls: readonly A[]) => readonly (R | Error)[],
): ((call: A) => Promise<R>) => {
  let waiting: Waiting<A, R>[] = [];
  const drain = (): void => {
    const group = waiting.slice(0, MAX_GROUP);
    waiting = waiting.slice(MAX_GROUP);
    if (waiting.length > 0) setImmediate(drain);
    try {
      const results = run(group.map(({ call }) => call));
      for (const [index, { resolve, reject }] of group.entries()) {
        const result = results[index];
        if (result === undefined || result instanceof Error) reject(result);
        else resolve(result);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  return (call) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(drain);
      waiting.push({ call, resolve, reject });
    });
};
