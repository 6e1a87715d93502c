import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { imageOf, type Survival } from './image.ts';
import { carryOut, replayOn, type Replay } from './replay.ts';
import { lineReader } from './syscalls.ts';

const hex = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;

const CREATE = `7 openat(AT_FDCWD, ${hex('/d/a')}, O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 9`;
const FLUSH_FOLDER = [
  `7 openat(AT_FDCWD, ${hex('/d')}, O_RDONLY) = 10`,
  '7 fsync(10) = 0',
  '7 close(10) = 0',
];
const writeAt = (text: string, offset: number): string =>
  `7 pwrite64(9, ${hex(text)}, ${text.length}, ${offset}) = ${text.length}`;

const after = (...lines: readonly string[]): Replay => {
  const replay = replayOn('/d');
  const read = lineReader();
  for (const line of lines) for (const part of read(line)) carryOut(replay, part);
  return replay;
};

const image = (replay: Replay, survival: Survival = 'nothing', seed = 1) =>
  Object.fromEntries(
    [...imageOf(replay.disk, survival, seeded(seed))].map(([path, bytes]) => [
      path,
      bytes?.toString() ?? null,
    ]),
  );

describe('after a power cut', () => {
  it('only what was flushed is there for sure', () => {
    const replay = after(CREATE, ...FLUSH_FOLDER, writeAt('hello', 0), '7 fsync(9) = 0', writeAt('J', 0));
    expect(image(replay)).toEqual({ '/d': null, '/d/a': 'hello' });
    expect(image(replay, 'everything')).toEqual({ '/d': null, '/d/a': 'Jello' });
  });

  it('a file whose folder was not flushed is gone, whatever was flushed into it', () => {
    const replay = after(CREATE, writeAt('hello', 0), '7 fsync(9) = 0');
    expect(image(replay)).toEqual({ '/d': null });
    expect(image(replay, 'everything')).toEqual({ '/d': null, '/d/a': 'hello' });
  });

  it('a folder whose own folder was not flushed takes what is in it along', () => {
    const lines = [
      `7 mkdir(${hex('/d/e')}, 0777) = 0`,
      `7 openat(AT_FDCWD, ${hex('/d/e/a')}, O_RDWR|O_CREAT, 0644) = 9`,
      writeAt('x', 0),
      '7 fsync(9) = 0',
      `7 openat(AT_FDCWD, ${hex('/d/e')}, O_RDONLY) = 10`,
      '7 fsync(10) = 0',
    ];
    expect(image(after(...lines))).toEqual({ '/d': null });
    expect(image(after(...lines, ...FLUSH_FOLDER))).toEqual({ '/d': null, '/d/e': null, '/d/e/a': 'x' });
  });

  it('a flush covers what was written before it began, not what came while it ran', () => {
    const replay = after(
      CREATE,
      ...FLUSH_FOLDER,
      writeAt('aa', 0),
      '8 fdatasync(9 <unfinished ...>',
      writeAt('bb', 2),
      '8 <... fdatasync resumed>) = 0',
    );
    expect(image(replay)['/d/a']).toBe('aa');
  });

  it('a flush that failed or never ended promises nothing', () => {
    const failed = after(
      CREATE,
      ...FLUSH_FOLDER,
      writeAt('a', 0),
      '7 fsync(9) = -1 EIO (Input/output error)',
    );
    expect(image(failed)['/d/a']).toBe('');
    const cut = after(CREATE, ...FLUSH_FOLDER, writeAt('a', 0), '7 fsync(9 <unfinished ...>');
    expect(image(cut)['/d/a']).toBe('');
  });

  it('writes in sequence, to the end, in vectors, and cut short land where the program put them', () => {
    const replay = after(
      `7 openat(AT_FDCWD, ${hex('/d/a')}, O_WRONLY|O_CREAT|O_APPEND, 0644) = 9`,
      `7 write(9, ${hex('abc')}, 3) = 3`,
      `7 writev(9, [{iov_base=${hex('de')}, iov_len=2}, {iov_base=${hex('fg')}, iov_len=2}], 2) = 3`,
      `7 pwritev(9, [{iov_base=${hex('X')}, iov_len=1}], 1, 1) = 1`,
      '7 ftruncate(9, 5) = 0',
      '7 close(9) = 0',
      `7 write(9, ${hex('into the void')}, 13) = 13`,
    );
    expect(image(replay, 'everything')['/d/a']).toBe('aXcde');
  });

  it('a rename is there whole or not at all', () => {
    const lines = [CREATE, ...FLUSH_FOLDER, `7 rename(${hex('/d/a')}, ${hex('/d/b')}) = 0`] as const;
    expect(image(after(...lines))).toEqual({ '/d': null, '/d/a': '' });
    expect(image(after(...lines, ...FLUSH_FOLDER))).toEqual({ '/d': null, '/d/b': '' });
    for (let seed = 1; seed < 20; seed++)
      expect(Object.keys(image(after(...lines), 'some', seed))).toHaveLength(2);
  });

  it('what is unflushed may be whole, missing or torn by sectors', () => {
    const replay = after(
      CREATE,
      ...FLUSH_FOLDER,
      writeAt('x'.repeat(2_048), 0),
      '7 fsync(9) = 0',
      writeAt('y'.repeat(2_048), 0),
    );
    const found = new Set<string>();
    for (let seed = 1; seed <= 1_000; seed++) {
      const bytes = image(replay, 'some', seed)['/d/a'] ?? '';
      found.add(
        [0, 512, 1_024, 1_536]
          .map((at) => bytes.slice(at, at + 512))
          .join('|')
          .replaceAll(/(x|y)\1+/g, '$1'),
      );
    }
    expect(found.size).toBe(16);
  });

  it('the standard output holds the promises made so far', () => {
    expect(after(`7 write(1, ${hex('one\n')}, 4) = 4`, `7 write(2, ${hex('no')}, 2) = 2`).output).toBe(
      'one\n',
    );
  });

  it('a recording that does what the model does not know is refused', () => {
    expect(() => after(CREATE, '7 fallocate(9, 0, 0, 4096) = 0')).toThrow('fallocate');
    expect(() => after(`7 link(${hex('/d/a')}, ${hex('/d/b')}) = 0`)).toThrow('link');
    expect(image(after(`7 link(${hex('/elsewhere/a')}, ${hex('/elsewhere/b')}) = 0`))).toEqual({
      '/d': null,
    });
  });
});
