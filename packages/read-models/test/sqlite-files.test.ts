import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ABOUT, commit, document, SHAPE } from '../src/contract/material.ts';
import type { ReadModels } from '../src/read-models.ts';
import { openSqliteReadModels } from '../src/sqlite/index.ts';

describe('read models in files', () => {
  let dir: string;
  let models: ReadModels;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tenure-read-models-'));
    models = openSqliteReadModels({ dir });
  });
  afterEach(async () => {
    await models.close();
    rmSync(dir, { recursive: true });
  });
  const built = async () => {
    const generation = await models.create(SHAPE, ABOUT);
    await generation.finishBuild();
    return generation;
  };

  it.each(['a live generation', 'a build'])(
    'survive kill -9 of the writer of %s, whole commits only',
    async (kind) => {
      const made = await models.create(SHAPE, ABOUT);
      if (kind === 'a live generation') await made.finishBuild();
      await made.close();
      const writer = fork(new URL('commit-loop.ts', import.meta.url), [dir, '1']);
      await once(writer, 'message');
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const reopened = await models.openWriter(SHAPE, 1);
      const round = (await reopened.checkpoints())[0]?.seq ?? 0;
      expect(round).toBeGreaterThanOrEqual(3);
      const documents = await reopened.scan('', 1_000);
      expect(documents).toHaveLength(200);
      expect(new Set(documents.map(({ vector, columns }) => `${vector['order']} ${columns[1]}`))).toEqual(
        new Set([`${round} ${round}`]),
      );
      expect(Math.max(...documents.map(({ change }) => change))).toBe(round * 200);
      await reopened.finishBuild();
      const page = { filters: [], sort: { column: 'net', descending: false }, after: null, limit: 1_000 };
      expect(await reopened.query(page)).toHaveLength(200);
    },
  );

  it('may be opened for reading before anything was written', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'tenure-read-models-'));
    const reading = openSqliteReadModels({ dir: empty, readOnly: true });
    expect(await reading.generations()).toEqual([]);
    expect(await reading.active(SHAPE.model)).toBe(null);
    await expect(reading.openReader(SHAPE, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const writing = openSqliteReadModels({ dir: empty });
    await writing.create(SHAPE, ABOUT);
    expect(await reading.generations()).toHaveLength(1);
    await reading.close();
    await writing.close();
    rmSync(empty, { recursive: true });
  });

  it('refuse every change to a reader', async () => {
    await built();
    const reading = openSqliteReadModels({ dir, readOnly: true });
    const refused = { code: 'READ_ONLY' };
    await expect(reading.create(SHAPE, ABOUT)).rejects.toMatchObject(refused);
    await expect(reading.openWriter(SHAPE, 1)).rejects.toMatchObject(refused);
    await expect(reading.activate(SHAPE.model, null, 1, 1)).rejects.toMatchObject(refused);
    await expect(reading.drop(SHAPE.model, 1)).rejects.toMatchObject(refused);
    await reading.close();
  });

  it('leave no file of a dropped generation, also when the removal was interrupted', async () => {
    await (await built()).close();
    await models.drop(SHAPE.model, 1);
    expect(readdirSync(dir).filter((name) => name.includes('.g1.'))).toEqual([]);
    writeFileSync(join(dir, `${SHAPE.model}.g1.db`), 'left behind');
    const again = openSqliteReadModels({ dir });
    expect(readdirSync(dir).filter((name) => name.includes('.g1.'))).toEqual([]);
    await again.close();
  });

  it('start a generation anew over what an interrupted creation has left', async () => {
    writeFileSync(join(dir, `${SHAPE.model}.g1.db`), 'left behind');
    const generation = await built();
    await generation.commit(commit({ documents: [document('a')] }));
    expect((await generation.stats()).documents).toBe(1);
  });

  it('say CORRUPT for a damaged file', async () => {
    await (await built()).close();
    writeFileSync(join(dir, `${SHAPE.model}.g1.db`), Buffer.alloc(8_192, 7));
    await expect(models.openReader(SHAPE, 1)).rejects.toMatchObject({ code: 'CORRUPT', retriable: false });
    await expect(models.openWriter(SHAPE, 1)).rejects.toMatchObject({ code: 'CORRUPT' });
    writeFileSync(join(dir, `${SHAPE.model}.g1.db`), '');
    await expect(models.openReader(SHAPE, 1)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('show a document whose row is damaged as damaged, and let it be written anew', async () => {
    const generation = await built();
    const entry = { kind: 'EMAIL', hash: 'h' };
    const whole = document('a', { search: [entry], vector: { order: 3 } });
    await generation.commit(commit({ documents: [whole] }));
    const other = new DatabaseSync(join(dir, `${SHAPE.model}.g1.db`));
    other.exec(`UPDATE document SET vector = '{"order:3}', search = '[["EMAIL","h"'`);
    other.close();
    const [found] = await generation.byKey('a');
    expect(found?.vector).toEqual({});
    expect(() => JSON.parse(found?.body ?? '{}')).toThrow(SyntaxError);
    expect(await generation.searchOf('a')).toEqual([]);
    await generation.commit(commit({ documents: [{ ...whole, search: [{ ...entry, hash: 'i' }] }] }));
    expect(await generation.search(entry, 10)).toEqual([]);
    expect(await generation.search({ ...entry, hash: 'i' }, 10)).toEqual(['a']);
    expect((await generation.byKey('a'))[0]).toMatchObject({ vector: { order: 3 }, body: whole.body });
  });

  it('wait for a lock and then say UNAVAILABLE; the same commit succeeds later', async () => {
    const generation = await built();
    const other = new DatabaseSync(join(dir, `${SHAPE.model}.g1.db`));
    other.exec('BEGIN IMMEDIATE');
    const change = commit({ documents: [document('a')] });
    await expect(generation.commit(change)).rejects.toMatchObject({ code: 'UNAVAILABLE', retriable: true });
    other.exec('ROLLBACK');
    other.close();
    await generation.commit(change);
    expect((await generation.load(['a'])).get('a')?.change).toBe(1);
  });

  it('refuse a name that could leave the directory or the statement', async () => {
    for (const model of ['../x', 'a/b', '', 'a"b'])
      await expect(models.create({ ...SHAPE, model }, ABOUT)).rejects.toMatchObject({
        code: 'SHAPE_INVALID',
      });
    const twice = [SHAPE.columns[0]!, SHAPE.columns[0]!];
    await expect(models.create({ model: 'm', columns: twice }, ABOUT)).rejects.toMatchObject({
      code: 'SHAPE_INVALID',
    });
    expect(readdirSync(dir).filter((name) => name.endsWith('.db'))).toEqual(['registry.db']);
  });

  it('say that a reader forgets to close when too many are open', async () => {
    const generation = await built();
    await generation.close();
    const opening = async () => {
      for (let i = 0; i < 300; i++) await models.openReader(SHAPE, 1);
    };
    await expect(opening()).rejects.toMatchObject({ code: 'TOO_MANY_OPEN' });
  });
});

describe('a full disk', () => {
  it('is DISK_FULL, retriable, and leaves the last commit', async () => {
    const { openDatabase } = await import('../src/sqlite/database.ts');
    const dir = mkdtempSync(join(tmpdir(), 'tenure-read-models-'));
    const database = openDatabase(join(dir, 'small.db'), { readOnly: false, cacheMb: 1 });
    database.exec('CREATE TABLE t (body TEXT); PRAGMA max_page_count = 20');
    const fill = () =>
      database.transaction(() => {
        for (let i = 0; i < 100; i++) database.run('INSERT INTO t VALUES (?)', 'x'.repeat(3_000));
      });
    expect(fill).toThrowError(expect.objectContaining({ code: 'DISK_FULL', retriable: true }));
    expect(database.get('SELECT count(*) FROM t')).toEqual([0]);
    database.exec('PRAGMA max_page_count = 1000');
    fill();
    expect(database.get('SELECT count(*) FROM t')).toEqual([100]);
    database.close();
    rmSync(dir, { recursive: true });
  });
});
