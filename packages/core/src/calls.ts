// Calls between threads over a message port that is given: an object served on one side, its promise-returning twin
// on the other. Arguments and answers are structured clones; errors keep their code.
import { fromPlainError, toPlainError, type PlainError } from './errors.ts';

/** What both sides need of a port (a MessagePort, a Worker, the parent port of a worker). */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

type Call = {
  readonly call: number;
  readonly channel: string;
  readonly method: string;
  readonly args: readonly unknown[];
};
type Answer =
  | { readonly answer: number; readonly channel: string; readonly value: unknown }
  | { readonly answer: number; readonly channel: string; readonly error: PlainError };

const isCall = (message: unknown, channel: string): message is Call =>
  typeof message === 'object' &&
  message !== null &&
  'call' in message &&
  'channel' in message &&
  message.channel === channel;

const isAnswer = (message: unknown, channel: string): message is Answer =>
  typeof message === 'object' &&
  message !== null &&
  'answer' in message &&
  'channel' in message &&
  message.channel === channel;

type Method = (...args: readonly unknown[]) => unknown;

/** Serves the methods of `target` on a port. Several objects may share a port under different channel names. */
export const serveCalls = (port: Port, channel: string, target: object): void => {
  port.on('message', (message) => {
    if (isCall(message, channel)) void answer(port, channel, target, message);
  });
};

const answer = async (port: Port, channel: string, target: object, call: Call): Promise<void> => {
  try {
    const method = (target as Readonly<Record<string, Method | undefined>>)[call.method];
    if (method === undefined) throw new TypeError(`${channel} has no method ${call.method}`);
    port.postMessage({ answer: call.call, channel, value: await method.apply(target, [...call.args]) });
  } catch (error) {
    port.postMessage({ answer: call.call, channel, error: toPlainError(error) });
  }
};

/** The twin of an object served on the other side: every method answers with a promise. */
export const remoteCalls = <T extends object>(port: Port, channel: string): T => {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let next = 0;
  port.on('message', (message) => {
    if (!isAnswer(message, channel)) return;
    const caller = waiting.get(message.answer);
    waiting.delete(message.answer);
    if ('error' in message) caller?.reject(fromPlainError(message.error));
    else caller?.resolve(message.value);
  });
  const call = (method: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      port.postMessage({ call: id, channel, method, args });
    });
  const methods = new Map<string, Method>();
  return new Proxy({} as T, {
    get(_, name) {
      if (typeof name !== 'string' || name === 'then') return undefined; // a twin is no promise
      let method = methods.get(name);
      if (method === undefined) methods.set(name, (method = (...args) => call(name, args)));
      return method;
    },
  });
};
