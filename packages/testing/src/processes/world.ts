// Services with their processes in one piece, in memory: the real command bus, codec, tables and reactions. A process can
// be stopped at any of its steps and started again, as when the machine goes away.
import type { DecodedEvent } from '@tenure/events';
import type { KeyStore } from '@tenure/keys';
import type { AggregateView, CommandResult, Policies, ServiceDefinition } from '@tenure/service-kit';
import { layGround, type Ground, type Told } from './ground.ts';
import { liveOn, type Life } from './life.ts';

/** A process that is not at its end by then never will be. */
const MAX_TURNS = 50_000;

export type World = {
  readonly keys: KeyStore;
  /** Sends a command as a person; without `id` it creates. */
  send(aggregate: string, command: string, body: object, more?: Sent): Promise<CommandResult>;
  /** The same as imported history: reactions skip what comes of it. */
  import(aggregate: string, command: string, body: object): Promise<CommandResult>;
  /** Appends an event of a source that no service here writes. */
  tell(event: Told): Promise<void>;
  view(aggregate: string, id: string): Promise<AggregateView>;
  /** Everything that has happened, by source in order of time. */
  events(): Promise<readonly DecodedEvent[]>;
  /** Lets all processes run to their end. */
  settle(): Promise<void>;
  /** Refusals of issued commands so far: `command: code`. */
  readonly refused: readonly string[];
  /** How many commands the processes have issued. */
  issued(): number;
  /**
   * The process dies at its next command but `steps`: before it is carried out, or after it is but before anybody
   * learns of it. Until `restart` nothing goes on.
   */
  dieAt(steps: number, when: 'before' | 'after'): void;
  /** Waits until it has died, or has come to its end without. */
  dead(): Promise<boolean>;
  /** Starts it again from what it has acknowledged; caches are empty. */
  restart(): Promise<void>;
  /** Hands everything over again, as after a loss of all acknowledgements. */
  redeliver(): Promise<void>;
  advance(ms: number): void;
  close(): Promise<void>;
};

export type Sent = {
  readonly id?: string;
  readonly roles?: readonly string[];
  readonly key?: string;
  /** Default: any. */
  readonly ifMatch?: number | '*' | null;
};

/** `policies` as they ship; `start`: business time, ms. */
export const openProcesses = async (
  services: readonly ServiceDefinition[],
  policies: Policies,
  start: number,
): Promise<World> => {
  const ground = await layGround(services, policies, start);
  const life = liveOn(ground);
  await life.begin();
  const until = async (what: string, done: () => Promise<boolean>): Promise<void> => {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      // What was stored while we looked belongs to it.
      if (!(await ground.relay()) && (await done()) && !(await ground.relay())) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`it did not come to pass that ${what}`);
  };
  const atRest = async (): Promise<boolean> =>
    (await ground.tables.caughtUp()) && (await life.reactedToAll());
  return {
    keys: ground.keys,
    refused: life.refused,
    issued: life.issued,
    ...people(ground, life),
    events: ground.events,
    tell: ground.tell,
    settle: () => until('all processes are at rest', atRest),
    dieAt: life.dieAt,
    async dead() {
      await until('the process has died', async () => life.isDead() || (await atRest()));
      return life.isDead();
    },
    restart: life.restart,
    redeliver: life.redeliver,
    advance: (ms) => ground.clock.set(ground.clock.now() + ms),
    async close() {
      await life.end();
      await ground.tables.stop();
      await ground.log.close();
    },
  };
};

/** The person who sends commands and looks at what came of them. */
const TESTER = { sub: 'tester', teams: [], actor: { kind: 'user', id: 'tester' } } as const;

const people = ({ services }: Ground, life: Life): Pick<World, 'send' | 'import' | 'view'> => {
  const serviceOf = (aggregate: string): string => {
    const found = services.find(({ aggregates }) => aggregates.some(({ model }) => model.name === aggregate));
    if (found === undefined) throw new TypeError(`no service here has the aggregate ${aggregate}`);
    return found.name;
  };
  let sent = 0;
  return {
    send(aggregate, command, body, { id, roles = ['admin'], key = `key-${sent++}`, ifMatch = '*' } = {}) {
      return life.bus().submit({
        ...{ service: serviceOf(aggregate), aggregate, key, ifMatch, backfill: false, reactions: false },
        caller: { ...TESTER, roles },
        steps: [{ command, body }],
        ...(id !== undefined && { id }),
        principal: TESTER.sub,
        route: id === undefined ? `/api/${aggregate}` : `/api/${aggregate}/{id}/${command}`,
      });
    },
    import: (aggregate, command, body) =>
      life.bus().submit({
        ...{ service: serviceOf(aggregate), aggregate, key: `row-${sent++}`, ifMatch: null },
        ...{ backfill: true, reactions: false, principal: 'import', route: `/api/${aggregate}` },
        caller: { sub: 'import', roles: ['import'], teams: [], actor: { kind: 'import', id: 'import' } },
        steps: [{ command, body }],
      }),
    view: (aggregate, id) =>
      life.bus().read(serviceOf(aggregate), aggregate, id, { ...TESTER, roles: ['admin'] }),
  };
};
