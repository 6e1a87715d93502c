// `tenure customer find|show|timeline`.
import { formatInstant } from '@tenure/core';
import { findCustomers, nobody, oneCustomer, READER } from '../customer/find.ts';
import { customerPage, type Whole } from '../customer/page.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { table } from '../format.ts';
import { pages, summary } from '../pages.ts';
import type { Shell } from '../shell.ts';
import { instantOf, wholeNumber } from '../words.ts';

export const findCustomer = async (
  shell: Shell,
  { limit }: { readonly limit: string },
  text = '',
): Promise<ExitCode> => {
  const found = await findCustomers(shell, text, wholeNumber(limit, '--limit'));
  if (found.length === 0) throw nobody();
  shell.print(
    { items: found },
    table(
      ['ID', 'NAME', 'EXTERNAL IDS', 'STATUS', 'LIFECYCLE', 'STAGE', 'RISK', 'OWNER'],
      found.map(({ id, name, externalIds, status, lifecycle, stage, level, ownerId }) => [
        ...[id, name, externalIds.map((one) => `${one.system}:${one.id}`).join(' ')],
        ...[status, lifecycle, stage, level, ownerId],
      ]),
    ),
  );
  return EXIT.ok;
};

export const showCustomer = async (shell: Shell, _: object, text = ''): Promise<ExitCode> => {
  const id = await oneCustomer(shell, text);
  const { body } = await shell.get(READER, `/api/customers/${encodeURIComponent(id)}/360`);
  const whole = body as unknown as Whole;
  if (whole.customerId !== id) shell.say(`${id} was merged into ${whole.customerId}`);
  shell.print(body, customerPage(whole));
  return EXIT.ok;
};

export type TimelineOptions = {
  readonly source?: string;
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
};

type Item = {
  readonly eventId: string;
  readonly type: string;
  readonly source: string;
  readonly position: number;
  readonly occurredAt: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
};

export const timeline = async (
  shell: Shell,
  { source, type, from, to, limit }: TimelineOptions,
  text = '',
): Promise<ExitCode> => {
  const at = (time: string | undefined, option: string): string | undefined =>
    time === undefined ? undefined : formatInstant(instantOf(time, option, shell.world.now()));
  const query = { source, type, from: at(from, '--from'), to: at(to, '--to') };
  const most = wholeNumber(limit, '--limit');
  const id = await oneCustomer(shell, text);
  const path = `/api/customers/${encodeURIComponent(id)}/timeline`;
  const found = await pages<Item>(shell, READER, path, most, query);
  shell.print(
    { customerId: id, items: found },
    found.length === 0
      ? 'no such events\n'
      : table(
          ['OCCURRED', 'EVENT', 'AT', 'BY', 'WHAT'],
          found.map((item) => [
            ...[item.occurredAt, item.type, `${item.source}:${item.position}`],
            ...[`${item.actor.kind} ${item.actor.id}`, summary(item.data)],
          ]),
        ),
  );
  return EXIT.ok;
};
