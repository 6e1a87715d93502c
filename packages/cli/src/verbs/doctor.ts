// `tenure doctor`: looks at everything that keeps a server from running well, and says how to mend it.
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import { dataDirectory } from '../server.ts';
import { checkData } from '../doctor/data.ts';
import { checkDisk } from '../doctor/disk.ts';
import type { Finding } from '../doctor/finding.ts';
import { checkMachine } from '../doctor/machine.ts';
import { checkServer } from '../doctor/running.ts';

const MARK = { ok: '✓', warning: '!', failed: '✗' } as const;

export const doctor = async (shell: Shell, options: { readonly port?: string }): Promise<ExitCode> => {
  const data = dataDirectory(shell.world, shell.options);
  const findings: readonly Finding[] = [
    ...checkMachine(shell.world),
    ...checkData(data),
    ...checkDisk(data),
    ...(await checkServer(shell, data, options.port)),
  ];
  const failed = findings.some(({ state }) => state === 'failed');
  shell.print(
    { ok: !failed, data, findings },
    findings
      .map(({ what, state, found, mend }) =>
        [`${MARK[state]} ${what.padEnd(16)}${found}\n`, mend === undefined ? '' : `    ${mend}\n`].join(''),
      )
      .join(''),
  );
  return failed ? EXIT.failed : EXIT.ok;
};
