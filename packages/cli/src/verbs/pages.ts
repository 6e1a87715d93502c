// `tenure jobs` and `tenure audit`: lists that the server hands out page by page.
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { table } from '../format.ts';
import { pages, summary } from '../pages.ts';
import type { Shell } from '../shell.ts';
import { wholeNumber } from '../words.ts';

type Options = { readonly limit: string };

type Job = {
  readonly type: string;
  readonly at: string;
  readonly by: { readonly kind: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
};

type Entry = {
  readonly occurredAt: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
};

export const jobs = async (shell: Shell, { limit }: Options): Promise<ExitCode> => {
  const found = await pages<Job>(shell, 'ops', '/ops/jobs', wholeNumber(limit, '--limit'));
  shell.print(
    { items: found },
    table(
      ['AT', 'WHAT', 'BY', 'ABOUT'],
      found.map(({ type, at, by, data }) => [at, type, `${by.kind} ${by.id}`, summary(data)]),
    ),
  );
  return EXIT.ok;
};

export const audit = async (shell: Shell, { limit }: Options): Promise<ExitCode> => {
  const found = await pages<Entry>(shell, 'auditor', '/ops/audit', wholeNumber(limit, '--limit'));
  shell.print(
    { items: found },
    table(
      ['AT', 'BY', 'ENTRY'],
      found.map(({ occurredAt, actor, data }) => [occurredAt, `${actor.kind} ${actor.id}`, summary(data)]),
    ),
  );
  return EXIT.ok;
};
