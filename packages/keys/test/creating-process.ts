// A process that creates and destroys keys, saying what it was told is done: until it is killed, or for some rounds.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openSqliteKeyStore } from '@tenure/keys/sqlite';

const [, , file = '', secret = '', rounds = 'Infinity'] = process.argv;
const store = await openSqliteKeyStore({ file, rootSecret: Buffer.from(secret, 'hex') });

for (let round = 0; round < Number(rounds); round++) {
  const id = randomBytes(8).toString('hex');
  const key = (await store.ensure([id, `${id}-gone`])).get(id);
  writeSync(1, `created ${id} ${key?.key.export().toString('hex')}\n`);
  await store.destroy(`${id}-gone`);
  writeSync(1, `destroyed ${id}-gone\n`);
  if (round % 20 === 0) await store.rotate(round);
}
await store.close();
