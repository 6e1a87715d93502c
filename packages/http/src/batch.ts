// `POST /api/commands`: a stream of commands in, a stream of results out, each written when it is durable.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CommandResult, ServiceDefinition } from '@tenure/service-kit';
import { z } from 'zod';
import { authorize } from './access.ts';
import { BatchLine, lineReader, type BatchMode, type LineReader } from './batch-line.ts';
import { MAX_BODY_BYTES, parseJson, tooLarge } from './body.ts';
import { refusalFor, resultBody } from './commands.ts';
import { inOrder } from './in-order.ts';
import type { Kit } from './kit.ts';
import { lineSplitter, type Line } from './lines.ts';
import { errorFields, type Logger } from './logger.ts';
import { forbidden, invalid, problemOf } from './problems.ts';
import { resultsOf, type Results } from './results.ts';
import { route, type RouteRequest, type RouteSpec } from './route.ts';

const NDJSON = 'application/x-ndjson';

/** Customers at once: as fast as a thousand for an import, and other requests keep their turn. */
const CUSTOMERS_AT_ONCE = 64;
/** Lines that were read and whose results are not yet with the client; at so many the server stops reading. */
const MAX_WAITING_RESULTS = 1_024;

const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export type BatchOptions = {
  readonly services: readonly ServiceDefinition[];
  readonly logger: Logger;
  /** Aborted when the server stops: it reads no more lines, and answers those it has read. */
  readonly stopping: AbortSignal;
};

export const batchRoute = (options: BatchOptions): RouteSpec =>
  route({
    method: 'POST',
    path: '/api/commands',
    summary: 'Many commands in one stream',
    description:
      'One command per line; results come in order of completion, then {"done":n}. No such line: the connection broke; send the unanswered lines again with the same keys. Read while you write.',
    tag: 'commands',
    access: { rights: ['batch'] },
    query: z.object({
      backfill: Flag.optional(),
      system: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be the short name of a system')
        .optional(),
      reactions: Flag.optional(),
    }),
    reads: NDJSON,
    documents: BatchLine,
    responses: {
      200: {
        description: 'A line per command: its result, or the problem it met.',
        type: NDJSON,
        schema: z.object({
          line: z.int(),
          status: z.int(),
          id: z.string().optional(),
          revision: z.int().optional(),
          position: z.int().nullable().optional(),
          customerId: z.string().nullable().optional(),
          replay: z.literal(true).optional(),
          problem: z.looseObject({ code: z.string() }).optional(),
        }),
      },
    },
    handle: ({ query, ...about }, kit) => {
      const mode = modeOf(query, about);
      const read = lineReader(options.services, mode);
      return {
        stream: (response, request) => runBatch({ request, response, read, mode, kit, options }),
      };
    },
  });

type Sender = Pick<RouteRequest, 'principal' | 'requestId' | 'traceparent'>;

/** @throws FORBIDDEN for history by a role other than import, INVALID for its options without it */
const modeOf = (
  query: {
    readonly backfill?: boolean | undefined;
    readonly system?: string | undefined;
    readonly reactions?: boolean | undefined;
  },
  { principal: caller, requestId: correlationId, traceparent }: Sender,
): BatchMode => {
  const backfill = query.backfill === true;
  const history = authorize(caller, 'backfill');
  if (backfill && !history.allowed)
    throw forbidden(history.needs, 'Only imports may send history (backfill=true).');
  if (!backfill && (query.system !== undefined || query.reactions !== undefined))
    throw invalid([{ path: '/backfill', message: 'must be true for system and reactions to mean anything' }]);
  return {
    caller,
    principal: query.system ?? caller.sub,
    backfill,
    reactions: !backfill || query.reactions === true,
    correlationId,
    traceparent,
  };
};

type Batch = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly read: LineReader;
  readonly mode: BatchMode;
  readonly kit: Kit;
  readonly options: BatchOptions;
};

/** Where a batch stands. `complete`: all lines are read · `stopped`: the server reads no more · `gone`: nobody listens. */
type Phase = 'reading' | 'complete' | 'stopped' | 'gone';

/** Resolves when every line that was read has its answer, or the client has gone. */
const runBatch = (batch: Batch): Promise<void> =>
  new Promise((resolve) => {
    const { request, response, options } = batch;
    let phase: Phase = 'reading';
    const enter = (next: Phase): void => {
      if (phase === 'gone' || (phase !== 'reading' && next !== 'gone')) return;
      phase = next;
      if (results.waiting === 0) close();
    };
    const close = (): void => {
      options.stopping.removeEventListener('abort', stop);
      // Without its last line the client knows that it has to send the rest again.
      response.end(phase === 'complete' ? `{"done":${results.answered}}\n` : '');
      resolve();
    };
    const stop = (): void => enter('stopped');
    const results = resultsOf(response, () => {
      if (results.waiting < MAX_WAITING_RESULTS && request.isPaused()) request.resume();
      if (results.waiting === 0 && phase !== 'reading') close();
    });
    const take = lineTaker(batch, results, () => phase === 'gone');
    const splitter = lineSplitter(MAX_BODY_BYTES);
    request.on('data', (chunk: Buffer) => {
      if (phase === 'reading') splitter.push(chunk, take);
      if (results.waiting >= MAX_WAITING_RESULTS) request.pause();
    });
    request.on('end', () => {
      const last = phase === 'reading' ? splitter.end() : undefined;
      if (last !== undefined) take(last);
      enter('complete');
    });
    response.on('close', () => {
      enter('gone');
      close();
    });
    options.stopping.addEventListener('abort', stop);
    response.statusCode = 200;
    response.setHeader('Content-Type', NDJSON);
    response.flushHeaders();
    if (options.stopping.aborted) stop();
  });

/** Takes one line after the other. One that cannot even be read has its answer at once; others wait for their turn. */
const lineTaker = (batch: Batch, results: Results, gone: () => boolean): ((line: Line) => void) => {
  const { read, kit, mode } = batch;
  const run = inOrder(CUSTOMERS_AT_ONCE);
  let lines = 0;
  return (line) => {
    const number = ++lines;
    if (line.length === 0) return;
    results.expect();
    try {
      if (line === 'too long') throw tooLarge();
      const ready = read(parseJson(line), number);
      run(ready.key, {
        soon: () => kit.bus.expect(ready.request),
        async run() {
          if (gone()) return;
          try {
            results.write(resultLine(number, await kit.bus.submit(ready.request)));
          } catch (error) {
            results.write(problemLine(batch, number, refusalFor(error, mode.caller, ready.target)));
          }
        },
      });
    } catch (error) {
      results.write(problemLine(batch, number, error));
    }
  };
};

const resultLine = (line: number, result: CommandResult): string =>
  `${JSON.stringify({
    line,
    status: result.created ? 201 : 200,
    ...resultBody(result),
    ...(result.replay && { replay: true }),
  })}\n`;

const problemLine = ({ mode, options }: Batch, line: number, error: unknown): string => {
  const problem = problemOf(error, mode.correlationId);
  if (problem.status === 500)
    options.logger.error(
      { ...errorFields(error), route: '/api/commands', requestId: mode.correlationId },
      'a line failed',
    );
  return `${JSON.stringify({ line, status: problem.status, problem })}\n`;
};
