// Somebody who follows a page to the letter: in a folder with the launcher and a file of purchases, block after block.
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { purchaseRows, writeRows } from '../e2e/purchases.ts';
import { startServer, type Server } from '../e2e/server.ts';
import { root, type Block, type Page } from './pages.ts';

/** A block that takes longer hangs; a walk on a busy machine included. */
const BLOCK_MS = 90_000;
/** Of an output that is not what was expected. */
const MAX_SHOWN = 2_000;
/** Where the launcher keeps compiled modules: without it most of a short command is compiling. */
const CACHE = {
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(root, '.toolchain', 'compiled'),
};
/** What the pages write where the server is: theirs is another. */
const WRITTEN_URL = 'http://127.0.0.1:7400';

const START = /^(?:\w+=\S+ )*(?:npm start|\.\/tenure serve)/m;

/** Follows a page; rejects with the block that did not do what the page says. */
export const follow = async (page: Page, folder: string): Promise<void> => {
  prepare(folder);
  let server: Server | undefined;
  let output: string | undefined;
  try {
    for (const block of page.blocks) {
      const { marks, language, text } = block;
      const file = marks['file'];
      if (file !== undefined) save(join(folder, file), text);
      if (marks['not run'] !== undefined) continue;
      if (language === 'sh' && START.test(text)) {
        await server?.stop();
        server = await start(text, folder);
        output = undefined;
      } else if (language === 'sh') output = await run(page, block, folder, server?.url);
      else if (language === 'text' && output !== undefined) compare(page, block, output);
    }
  } finally {
    await server?.stop();
  }
};

const prepare = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  const launcher = join(folder, 'tenure');
  writeFileSync(launcher, `#!/bin/sh\nexec '${process.execPath}' '${root}/packages/cli/src/main.ts' "$@"\n`);
  chmodSync(launcher, 0o755);
  const first = ' 00004 0001 19970101  1   29.33';
  writeRows(join(folder, 'purchases.txt'), [first, ...purchaseRows(40, 7)]);
  for (const name of ['tools', 'schemas']) symlinkSync(join(root, name), join(folder, name));
  save(join(folder, '.variables'), '');
};

const save = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
};

/** The server of a block `NAME=value npm start -- --flag …`, on a free port and the folder's own data. */
const start = (text: string, folder: string): Promise<Server> => {
  const line = text.split('\n').find((one) => START.test(one)) ?? '';
  const words = line
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/);
  const isSetting = (word: string): boolean => /^\w+=/.test(word);
  const args = words.filter((word) => !isSetting(word)).slice(2);
  const flags = args.filter((word, i) => word !== '--' && !ours(word) && !ours(args[i - 1] ?? '', true));
  return startServer(join(folder, '.data'), {
    args: flags.map((word) => (existsSync(join(folder, word)) ? join(folder, word) : word)),
    env: {
      ...CACHE,
      ...Object.fromEntries(words.filter(isSetting).map((word) => word.split('=') as [string, string])),
    },
  });
};

/** Flags that the test sets itself; `valued`: whose value follows. */
const ours = (word: string, valued = false): boolean =>
  ['--port', '--data', ...(valued ? [] : ['--empty'])].includes(word);

const run = async (
  { path }: Page,
  block: Block,
  folder: string,
  url: string | undefined,
): Promise<string> => {
  const expected = Number(block.marks['exits'] ?? 0);
  // What a block sets is there in the next one, as in a terminal.
  const script = `set -ae\n. ./.variables\n${block.text}\nexport -p > .variables\n`;
  const ran = await shell(url === undefined ? script : script.replaceAll(WRITTEN_URL, url), folder);
  if (ran.code !== expected)
    throw new Error(
      `${path}:${block.line} ended with ${ran.code} instead of ${expected}\n${block.text}\n---\n${ran.output}`,
    );
  return ran.output;
};

const shell = (
  script: string,
  cwd: string,
): Promise<{ readonly code: number | string; readonly output: string }> =>
  new Promise((resolve) => {
    const env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TENURE_|VITEST)/.test(name))),
      ...CACHE,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
      NO_COLOR: '1',
    };
    const child = execFile('sh', ['-c', script], { cwd, env, timeout: BLOCK_MS }, (error, stdout, stderr) =>
      resolve({
        code: error === null ? 0 : (error.code ?? error.signal ?? 'no end'),
        output: stdout + stderr,
      }),
    );
    child.stdin?.end();
  });

/** A block of text under a block of commands shows what they print; `…` stands for anything. */
const compare = ({ path }: Page, { line, text }: Block, output: string): void => {
  const pattern = text
    .trim()
    .split('…')
    .map((part) => part.trim().split(/\s+/).map(escaped).join('\\s+'))
    .join('[\\s\\S]*?');
  if (!new RegExp(pattern).test(output))
    throw new Error(`${path}:${line} shows\n${text}\n--- but there was\n${output.slice(0, MAX_SHOWN)}`);
};

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
