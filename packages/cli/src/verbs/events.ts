// `tenure events tail|show`.
import { formatInstant } from '@tenure/core';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followLive } from '../live.ts';
import { summary } from '../pages.ts';
import type { Shell } from '../shell.ts';
import { instantOf, wholeNumber } from '../words.ts';

const ROLE = 'ops';

export type TailOptions = {
  readonly source?: string;
  readonly type?: string;
  readonly key?: string;
  readonly from?: string;
  readonly limit?: string;
  readonly ndjson?: boolean;
};

type Shown = {
  readonly eventId: string;
  readonly type: string;
  readonly source: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly key: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
};

/** Ids remembered: behind a broken connection the last ones may come again. */
const REMEMBERED = 10_000;

export const tailEvents = async (shell: Shell, options: TailOptions): Promise<ExitCode> => {
  const { from, limit, source, type, key } = options;
  const most = limit === undefined ? Infinity : wholeNumber(limit, '--limit');
  const since = from === undefined ? undefined : formatInstant(instantOf(from, '--from', shell.world.now()));
  const query = new URLSearchParams(
    Object.entries({ source, type, key, from: since }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    ),
  );
  const stopped = shell.world.interruptible();
  const seen = new Set<string>();
  let told = 0;
  const path = `/ops/events?${query.toString()}`;
  for await (const { event, data } of followLive(shell, { role: ROLE, path, stopped })) {
    const shown = data as Shown;
    if (event !== 'event' || seen.has(shown.eventId)) continue;
    remember(seen, shown.eventId);
    shell.print(shown, options.ndjson === true ? `${JSON.stringify(shown)}\n` : lineOf(shown));
    if (++told >= most) return EXIT.ok;
  }
  return EXIT.interrupted;
};

const remember = (seen: Set<string>, id: string): void => {
  seen.add(id);
  const [oldest] = seen;
  if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
};

const lineOf = ({ recordedAt, source, position, type, key, actor, data }: Shown): string =>
  `${recordedAt}  ${`${source}:${position}`.padEnd(18)}  ${type.padEnd(24)}  ${key}  ${actor.kind} ${actor.id}  ${summary(data)}`.trimEnd() +
  '\n';

export const showEvent = async (
  shell: Shell,
  { key }: { readonly key?: string },
  id = '',
): Promise<ExitCode> => {
  const query = key === undefined ? '' : `?key=${encodeURIComponent(key)}`;
  const { body } = await shell.get(ROLE, `/ops/events/${encodeURIComponent(id)}${query}`);
  const shown = body as unknown as Shown;
  const { data, actor, ...head } = shown;
  const fields = Object.entries({ ...head, actor: `${actor.kind} ${actor.id}` });
  shell.print(
    body,
    `${fields.map(([name, value]) => `${name.padEnd(14)}${String(value)}\n`).join('')}${JSON.stringify(data, null, 2)}\n`,
  );
  return EXIT.ok;
};
