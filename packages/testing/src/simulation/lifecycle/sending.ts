// A command is sent again, with the same key, until there is an answer to it: after errors, lost answers and crashes.
import { isTenureError, streamOf } from '@tenure/core';
import { commandIdOf, type Caller, type CommandRequest, type CommandResult } from '@tenure/service-kit';
import { idOf } from './bodies.ts';
import type { World } from './world.ts';

const RETRY_MS = 300;
const IMPATIENT = 0.1; // are sent twice at once
/** Refusals that say: send it again. */
const COME_AGAIN = ['STALE_REVISION', 'IN_FLIGHT'];

export const caller: Caller = {
  sub: 'simulation',
  roles: ['admin'],
  teams: [],
  actor: { kind: 'user', id: idOf('agent') },
};

const idsOf = ({ principal, route, key }: CommandRequest, id: string | undefined): readonly string[] =>
  (id === undefined ? [route] : [route, route.replace('{id}', id), `${route}/${id}`]).map((real) =>
    commandIdOf(principal, real, key),
  );

/** Sends until there is an answer; null: it was refused. */
export const send = async (world: World, request: CommandRequest): Promise<CommandResult | null> => {
  const copies = world.scheduler.random.chance(IMPATIENT) ? 2 : 1;
  const answers = await Promise.all(Array.from({ length: copies }, () => untilAnswered(world, request)));
  return answers[0] ?? null;
};

const untilAnswered = async (world: World, request: CommandRequest): Promise<CommandResult | null> => {
  const { scheduler, deployment, answered } = world;
  const [{ command }] = request.steps;
  for (;;) {
    const { buses, died } = await deployment.running();
    try {
      const answer = await Promise.race([
        scheduler.random.pick(buses).submit(request),
        died.then(() => null),
      ]);
      if (answer !== null) {
        scheduler.note(`${request.key} ${command} ${answer.id} ACKNOWLEDGED at ${answer.revision}`);
        const { source, revision, position } = answer;
        const stream = streamOf(request.aggregate, answer.id);
        answered.push({
          commandIds: idsOf(request, answer.id),
          stream,
          source,
          revision,
          position,
          refused: null,
        });
        return answer;
      }
    } catch (error) {
      if (!isTenureError(error)) throw error;
      if (!error.retriable && !COME_AGAIN.includes(error.code)) {
        scheduler.note(`${request.key} ${command} ${request.id ?? ''} REFUSED ${error.code}`);
        answered.push({
          ...{
            commandIds: idsOf(request, request.id),
            stream: null,
            source: null,
            revision: -1,
            position: null,
          },
          refused: error.code,
        });
        return null;
      }
    }
    await scheduler.step(`${request.key} is sent again`, RETRY_MS);
  }
};
