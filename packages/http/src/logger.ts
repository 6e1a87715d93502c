// The server's own log: what happened to it, never who somebody is. Paths are templates, query strings appear nowhere.
import { pino, type Level } from 'pino';

export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** JSON lines on stderr (stdout belongs to data). */
export const createLogger = (level: Level | 'silent' = 'info'): Logger =>
  pino({ level, base: null }, pino.destination({ dest: 2, sync: false }));

/** What may be logged of an unknown error: its kind and where it arose. Its text may quote input. */
export const errorFields = (error: unknown): LogFields => ({
  error: error instanceof Error ? error.name : typeof error,
  ...(error instanceof Error && 'code' in error && { code: String(error.code) }),
  at: framesOf(error),
});

/** Enough to find the place. */
const MAX_FRAMES = 12;

const framesOf = (error: unknown): readonly string[] =>
  error instanceof Error
    ? (error.stack ?? '')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.startsWith('at '))
        .slice(0, MAX_FRAMES)
    : [];
