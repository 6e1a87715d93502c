// Commands over HTTP, 32 in flight, everything behind them at work: validated, decided, durable, in the log and the 360.
import { closedLoop, openConnection, requestText, type Connection, type Reply } from './http-client.ts';
import { median, percentile, roundsOf, type Bench } from './figures.ts';
import { emptyFolder } from './places.ts';
import { orderBody, orderRequest, startHello, startPlatform } from './platform.ts';

const IN_FLIGHT = 32;
const ROUND_MS = 2_000;
const CUSTOMERS = 2_000;

const created = ({ status, body }: Reply): void => {
  if (status !== 201) throw new Error(`${status}: ${body}`);
};

const helloPerSecond = async (rounds: number): Promise<number> => {
  const hello = await startHello();
  const connections = await Promise.all(Array.from({ length: IN_FLIGHT }, () => openConnection(hello.port)));
  const headers = { 'content-type': 'application/json' };
  const one = async (connection: Connection, n: number): Promise<void> =>
    created(await connection.send(requestText('POST', '/', headers, orderBody('customer', n))));
  const loads = await roundsOf(rounds, () => closedLoop(connections, ROUND_MS, one));
  connections.forEach((connection) => connection.close());
  hello.stop();
  return median(loads.map(({ perSecond }) => perSecond));
};

export const bench: Bench = async ({ flushMs, rounds }) => {
  const hello = await helloPerSecond(rounds);
  const platform = await startPlatform(emptyFolder('command'), {
    connections: IN_FLIGHT,
    customers: CUSTOMERS,
  });
  let sent = 0;
  let warm = false;
  const loads = await roundsOf(rounds, async () => {
    const first = sent;
    if (warm && first > 0) platform.resetDelay();
    warm = true;
    const load = await closedLoop(platform.connections, ROUND_MS, async (connection, n) =>
      created(await connection.send(orderRequest(platform, first + n))),
    );
    sent += load.latencies.length + IN_FLIGHT;
    return load;
  });
  const delay = await platform.end();
  const perSecond = median(loads.map((load) => load.perSecond));
  const slow = flushMs > 0;
  return {
    about: {
      body: `${orderBody('customer', 1).length} B`,
      inFlight: IN_FLIGHT,
      customers: CUSTOMERS,
      rounds,
    },
    figures: [
      {
        name: `commands, ${IN_FLIGHT} in flight, pipeline on`,
        value: perSecond,
        unit: 'commands/s',
        goal: { atLeast: slow ? 3_400 : 5_000 },
        limit: { name: 'hello-world POST', value: hello },
      },
      {
        name: 'the same, beside a hello-world POST',
        value: perSecond / hello,
        unit: '×',
        ...(!slow && { goal: { atLeast: 0.3 } }),
      },
      {
        name: 'command p99',
        value: median(loads.map(({ latencies }) => percentile(latencies, 0.99))),
        unit: 'ms',
        goal: { atMost: slow ? 30 : 25 },
      },
      {
        name: 'event-loop delay of the HTTP thread, p99',
        value: delay.p99,
        unit: 'ms',
        goal: { atMost: 10 },
      },
    ],
  };
};
