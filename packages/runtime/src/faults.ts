// Faults tried on purpose (`serve --faults FILE.json`): pieces of the product's text and what replaces them, applied as
// the modules are loaded, in every thread. Nothing of a fault is in the product.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TenureError } from '@tenure/core';
import { z } from 'zod';

const Fault = z.object({
  /** The module, from the root of the repository. */
  file: z
    .string()
    .regex(/^(packages|services)\/[\w./-]+\.ts$/, 'must be a module of the product, from its root'),
  /** Stands in the module exactly once. */
  find: z.string().min(1),
  replace: z.string(),
});
const Faults = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(Fault).min(1));

export type Fault = z.infer<typeof Fault>;

const root = new URL('../../../', import.meta.url);

/** Reads a file with one fault or a list of them. @throws CONFIGURATION_INVALID */
export const readFaults = (path: string): readonly Fault[] => {
  const problem = (reason: string): TenureError =>
    new TenureError('CONFIGURATION_INVALID', `The faults in ${path} cannot be used: ${reason}.`, { path });
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw problem(error instanceof Error ? error.message : 'it is no JSON');
  }
  const parsed = Faults.safeParse(content);
  if (!parsed.success) throw problem(z.prettifyError(parsed.error));
  for (const fault of parsed.data) applied(fault, readFileSync(new URL(fault.file, root), 'utf8'), problem);
  return parsed.data;
};

const applied = (
  { file, find, replace }: Fault,
  text: string,
  problem: (reason: string) => Error = (reason) => new Error(reason),
): string => {
  const parts = text.split(find);
  if (parts.length !== 2)
    throw problem(`the text to find stands ${parts.length - 1} times in ${file}, it must stand there once`);
  return parts.join(replace);
};

const urlOf = ({ file }: Fault): string => pathToFileURL(fileURLToPath(new URL(file, root))).href;

/** The text of a module as it is loaded with these faults: what the code hash is made of. */
export const textWith = (faults: readonly Fault[], url: URL): string =>
  faults
    .filter((fault) => urlOf(fault) === url.href)
    .reduce((text, fault) => applied(fault, text), readFileSync(url, 'utf8'));

/** From now on this thread loads modules with the faults in them; what is loaded already stays as it is. */
export const installFaults = (faults: readonly Fault[]): void => {
  if (faults.length === 0) return;
  const urls = new Set(faults.map(urlOf));
  registerHooks({
    load(url, context, nextLoad) {
      const plain = url.split('?')[0] ?? url;
      const loaded = nextLoad(url, context);
      return urls.has(plain) ? { ...loaded, source: textWith(faults, new URL(plain)) } : loaded;
    },
  });
};
