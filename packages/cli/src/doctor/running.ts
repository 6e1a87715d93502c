// The server: does it run, is it ready, and may we ask it; or is its port free.
import { createServer } from 'node:net';
import { isTenureError } from '@tenure/core';
import type { Shell } from '../shell.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

const DEFAULT_PORT = 7400;

export const checkServer = async (
  shell: Shell,
  data: string,
  port: string | undefined,
): Promise<readonly Finding[]> => {
  try {
    const { body } = await shell.get('ops', '/ops/status');
    return [answering(body)];
  } catch (error) {
    if (isTenureError(error, 'SERVER_NOT_RUNNING'))
      return [
        warning('server', `none runs on ${data}`, `Start one: tenure serve --data ${data}`),
        await portFinding(Number(port ?? shell.world.env['TENURE_PORT'] ?? DEFAULT_PORT)),
      ];
    if (isTenureError(error))
      return [failed('server', `${error.code}: ${error.message}`, 'See the message.')];
    throw error;
  }
};

const answering = (status: Readonly<Record<string, unknown>>): Finding => {
  if (status['ready'] !== true)
    return failed('server', 'it answers but is not ready', 'GET /readyz says why; its log has the cause.');
  const degraded = status['degraded'];
  return Array.isArray(degraded) && degraded.length > 0
    ? warning('server', 'ready, with parked customers', '"tenure parked list" says who and why.')
    : ok('server', 'ready');
};

const portFinding = async (port: number): Promise<Finding> => {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return failed('port', 'it is no number from 0 to 65535', 'Mend --port or TENURE_PORT.');
  const code = await tryPort(port);
  return code === null
    ? ok('port', `${port} is free`)
    : failed(
        'port',
        `${port} cannot be taken (${code})`,
        'Choose another: tenure serve --port 0 takes a free one.',
      );
};

/** Null: it can be taken. */
const tryPort = (port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(null)));
  });
