// Writes answers and refusals. One write per answer: status, headers and body together.
import type { ServerResponse } from 'node:http';
import { problemOf, retryAfter, type Problem } from './problems.ts';
import type { Answer } from './route.ts';

/** Everything of /api and /ops is about now; nothing of it may lie in a cache. */
export const forbidCaching = (response: ServerResponse, path: string): void => {
  if (path.startsWith('/api') || path.startsWith('/ops')) response.setHeader('Cache-Control', 'no-store');
};

export const sendAnswer = (response: ServerResponse, answer: Answer): void => {
  response.statusCode = answer.status;
  for (const name in answer.headers) {
    const value = answer.headers[name];
    // A view that has folded nothing yet has no position to tell.
    if (value !== undefined && value !== '') response.setHeader(name, value);
  }
  if (answer.body === undefined) return void response.end();
  response.setHeader('Content-Type', answer.type ?? 'application/json');
  response.end(
    typeof answer.body === 'string' && answer.type !== undefined ? answer.body : JSON.stringify(answer.body),
  );
};

/** Answers with the problem of an error and tells which one it was. */
export const sendProblem = (response: ServerResponse, error: unknown, requestId: string): Problem => {
  const problem = problemOf(error, requestId);
  const wait = retryAfter(problem);
  response.statusCode = problem.status;
  if (wait !== undefined) response.setHeader('Retry-After', String(wait));
  if (problem.status === 401) response.setHeader('WWW-Authenticate', challengeOf(problem));
  if (problem.status === 405) response.setHeader('Allow', (problem['allow'] as readonly string[]).join(', '));
  // What is left of a body that is too large is not worth reading.
  if (problem.status === 413) response.setHeader('Connection', 'close');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json');
  response.end(JSON.stringify(problem));
  return problem;
};

const challengeOf = (problem: Problem): string =>
  problem['basic'] === true ? 'Basic realm="tenure", Bearer realm="tenure"' : 'Bearer realm="tenure"';

/** Aborted when the client goes away before its answer was complete. */
export const goneSignal = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
};
