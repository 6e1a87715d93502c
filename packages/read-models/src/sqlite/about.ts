// What a generation's file says of itself: the columns it was made with, and whether its build is finished.
import { TenureError } from '@tenure/core';
import type { ColumnShape } from '../read-models.ts';
import type { Database } from './database.ts';

/** Raised when the tables change: files of another layout are built anew. */
const LAYOUT = '1';

export type About = { readonly columns: readonly ColumnShape[]; readonly built: boolean };

export const writeAbout = (database: Database, columns: readonly ColumnShape[]): void => {
  for (const [name, value] of [
    ['layout', LAYOUT],
    ['shape', JSON.stringify(columns)],
    ['built', 'no'],
  ] as const)
    database.run('INSERT INTO about (name, value) VALUES (?, ?)', name, value);
};

export const writeBuilt = (database: Database): void => {
  database.run(`UPDATE about SET value = 'yes' WHERE name = 'built'`);
};

/** @throws CORRUPT for a file of another layout or none of ours. */
export const aboutOf = (database: Database): About => {
  const tables = database.get<[number]>("SELECT count(*) FROM sqlite_schema WHERE name = 'about'")?.[0];
  const values = new Map(tables === 1 ? database.all<[string, string]>('SELECT name, value FROM about') : []);
  const shape = values.get('shape');
  if (values.get('layout') !== LAYOUT || shape === undefined)
    throw new TenureError(
      'CORRUPT',
      `${database.file} is no store of this layout: build the read model anew.`,
      {
        file: database.file,
      },
    );
  return { columns: JSON.parse(shape) as readonly ColumnShape[], built: values.get('built') === 'yes' };
};
