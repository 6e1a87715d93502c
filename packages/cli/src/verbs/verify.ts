// `tenure verify`: the fold of the log against the stored documents.
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count, table } from '../format.ts';
import type { Shell } from '../shell.ts';
import { checkedKeys } from '../words.ts';
import { follow } from './follow.ts';

type Verification = {
  readonly id: string;
  readonly projection: string;
  readonly state: string;
  readonly checked: number;
  readonly differences: readonly { readonly key: string; readonly paths: readonly string[] }[];
  readonly digest: string | null;
  readonly error: string | null;
};

export type VerifyOptions = {
  readonly full?: boolean;
  readonly key?: readonly string[];
  readonly detach?: boolean;
};

export const verify = async (shell: Shell, options: VerifyOptions, projection = ''): Promise<ExitCode> => {
  const answer = await shell.change('ops', '/ops/verify', {
    projection,
    full: options.full === true,
    ...(options.key !== undefined && { keys: checkedKeys(options.key) }),
  });
  if (answer === null) return EXIT.ok;
  const started = answer.body as unknown as Verification;
  if (options.detach === true) {
    shell.print(started, `${started.id}\n`);
    return EXIT.ok;
  }
  const done = await follow(shell, started, {
    path: `/ops/verify/${encodeURIComponent(started.id)}`,
    over: ({ state }) => state !== 'running',
    interrupted: shell.world.interruptible(),
    later: `It is verification ${started.id}.`,
  });
  return verified(shell, done);
};

const verified = (shell: Shell, done: Verification): ExitCode => {
  const { projection, checked, differences, digest, error } = done;
  if (error !== null || done.state !== 'done') {
    shell.print(done, '');
    shell.say(`${projection} could not be verified: ${error ?? done.state}`);
    return EXIT.failed;
  }
  shell.print(
    done,
    differences.length === 0
      ? `${count(checked, 'document')} of ${projection} equal the fold of the log, digest ${digest ?? 'not known while it is behind'}\n`
      : table(
          ['KEY', 'DIFFERS AT'],
          differences.map(({ key, paths }) => [key, paths.join(' ')]),
        ),
  );
  if (differences.length === 0) return EXIT.ok;
  const [first] = differences;
  shell.say(
    `${differences.length} of ${count(checked, 'document')} differ. Write them anew with "tenure heal ${projection} --key ${first?.key ?? 'ID'}".`,
  );
  return EXIT.differences;
};
