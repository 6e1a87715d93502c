// What the pages say is true: their commands do what they show, their links lead somewhere, nothing of the configuration is
// left out.
import { globSync, existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../e2e/server.ts';
import { anchorsOf, linksOf, pages, root } from './pages.ts';
import { platform } from '../../services/platform/src/services.ts';
import { productionPackages } from './production-packages.ts';
import { follow } from './reader.ts';

const all = pages();
const FOLLOWED = /^(README\.md|docs\/(how-to|tutorials)\/.+\.md)$/;
const followed = all.filter(({ path }) => FOLLOWED.test(path));
const folder = temporaryFolder();
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the commands of a page', { timeout: 180_000 }, () => {
  it('are those of the readme, the tutorials and every how-to', () => {
    expect(followed.length).toBeGreaterThan(7);
    const idle = followed.filter(
      ({ blocks }) =>
        !blocks.some(({ language, marks }) => language === 'sh' && marks['not run'] === undefined),
    );
    expect(idle.map(({ path }) => path)).toEqual([]);
  });

  it.concurrent.for(followed)('do what $path says', async (page, context) => {
    context.skip(!hasCurl, 'needs curl');
    await follow(page, join(folder, page.path.replaceAll(/\W/g, '-')));
  });
});

describe('a link', () => {
  it('leads to a file and to a heading that are there', () => {
    const broken = all.flatMap((page) =>
      linksOf(page)
        .filter((link) => !leads(page.path, link))
        .map((link) => `${page.path} → ${link}`),
    );
    expect(broken).toEqual([]);
    expect(all.flatMap(linksOf).length).toBeGreaterThan(20);
  });

  const leads = (from: string, link: string): boolean => {
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? from : posix.join(dirname(from), path);
    if (!existsSync(join(root, file))) return false;
    return anchor === undefined || anchorsOf(readFileSync(join(root, file), 'utf8')).includes(anchor);
  };
});

describe('the reference of the configuration', () => {
  const named = (text: string): readonly string[] => [
    ...new Set(Array.from(text.matchAll(/\bTENURE_[A-Z_]+\b/g), ([name]) => name)),
  ];

  it('has every variable that a program reads, and no other', () => {
    const read = globSync('packages/{runtime,cli}/src/**/*.ts', { cwd: root })
      .filter((file) => !file.endsWith('.spec.ts'))
      .flatMap((file) => named(readFileSync(join(root, file), 'utf8')));
    const page = readFileSync(join(root, 'docs/reference/configuration.md'), 'utf8');
    expect(named(page).toSorted()).toEqual([...new Set(read)].toSorted());
  });
});

describe('a decision', () => {
  const decisions = all.filter(({ path }) => /^docs\/decisions\/\d{4}-/.test(path));

  it('has a number of its own and stands in the index', () => {
    const numbers = decisions.map(({ path }) => posix.basename(path).slice(0, 4));
    expect(numbers).toEqual(numbers.map((_, i) => String(i + 1).padStart(4, '0')));
    const index = all.find(({ path }) => path === 'docs/decisions/README.md');
    for (const { path } of decisions) expect(index?.text).toContain(`(${posix.basename(path)})`);
  });

  it('says its context, what was decided, what follows and what was measured', () => {
    const missing = decisions.flatMap(({ path, text }) =>
      ['Context', 'Decision', 'Consequences', 'Measured']
        .filter((heading) => !text.includes(`\n## ${heading}\n`))
        .map((heading) => `${path}: ${heading}`),
    );
    expect(missing).toEqual([]);
    expect(decisions.length).toBeGreaterThan(0);
  });
});

describe('the architecture', () => {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const firstCells = Array.from(page.matchAll(/^\| `?([\w-]+)`? \|/gm), ([, name]) => name);

  it('names every service with what it owns, and every projection service', () => {
    for (const { name, aggregates } of platform.services) {
      const [, , owns = ''] =
        page
          .split('\n')
          .find((line) => line.startsWith(`| \`${name}\` |`))
          ?.split('|') ?? [];
      const missing = aggregates.filter(({ model }) => !owns.toLowerCase().includes(model.name));
      expect(missing.map(({ model }) => `${name}: ${model.name}`)).toEqual([]);
    }
    for (const { name } of platform.projectionServices) expect(firstCells).toContain(name);
  });

  it('names every process that a service takes part in', () => {
    const names = platform.services.flatMap(({ reactions = [] }) => reactions.map(({ name }) => name));
    expect(names.filter((name) => !firstCells.includes(name))).toEqual([]);
    expect(new Set(names).size).toBeGreaterThan(10);
  });
});

describe('the list of dependencies', () => {
  const page = readFileSync(join(root, 'docs/explanation/dependencies.md'), 'utf8');

  it('names every third-party package that a manifest asks for', () => {
    const asked = globSync('{package.json,{packages,services}/*/package.json}', { cwd: root }).flatMap(
      (file) => {
        const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, object>;
        return ['dependencies', 'devDependencies'].flatMap((kind) => Object.keys(manifest[kind] ?? {}));
      },
    );
    const others = [...new Set(asked)].filter((name) => !name.startsWith('@tenure/'));
    expect(others.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('says how many packages are installed for production', () => {
    expect(page).toContain(`**${productionPackages().size} third-party packages**`);
  });
});
