// The pages of the documentation: their blocks of code with the marks that readers do not see, their links and headings.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/**
 * A fenced block. `marks`: the comment in front of it, as `not run: reason`, `file: name` (what the reader saves under that
 * name), `exits: code`.
 */
export type Block = {
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly marks: Readonly<Record<string, string>>;
};

export type Page = { readonly path: string; readonly text: string; readonly blocks: readonly Block[] };

const FENCE = /^```(\w*)\s*$/;
const MARK = /^<!-- (not run|file|exits): (.+) -->$/;

/** Every page that people read. */
export const pages = (): readonly Page[] =>
  globSync('{*.md,docs/**/*.md}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, blocks: blocksOf(text) };
    });

const blocksOf = (text: string): readonly Block[] => {
  const blocks: Block[] = [];
  let marks: Record<string, string> = {};
  let open: { readonly line: number; readonly language: string; readonly lines: string[] } | null = null;
  for (const [i, line] of text.split('\n').entries()) {
    const fence = FENCE.exec(line);
    if (open !== null && fence === null) open.lines.push(line);
    else if (open !== null) {
      blocks.push({ line: open.line, language: open.language, text: open.lines.join('\n'), marks });
      open = null;
      marks = {};
    } else if (fence !== null) open = { line: i + 1, language: fence[1] ?? '', lines: [] };
    else marks = marksOf(line, marks);
  }
  if (open !== null) throw new Error(`the block that begins at line ${open.line} does not end`);
  return blocks;
};

/** A mark holds for the next block, across empty lines. */
const marksOf = (line: string, before: Record<string, string>): Record<string, string> => {
  const mark = MARK.exec(line);
  if (mark !== null) return { ...before, [mark[1] ?? '']: mark[2] ?? '' };
  return line.trim() === '' ? before : {};
};

const prose = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```\s*$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Targets of links to other files of the repository, or to headings. */
export const linksOf = ({ text }: Page): readonly string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** Anchors of the headings, as they are made where the pages are shown. */
export const anchorsOf = (text: string): readonly string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```\s*$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
