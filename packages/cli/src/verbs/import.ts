// `tenure import KIND`: a file through the real commands.
import { randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { isTenureError, TenureError, uuid7 } from '@tenure/core';
import { readMapping, type Kind, type Mapping } from '@tenure/service-kit/import';
import { call } from '../api.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count, number, span } from '../format.ts';
import { createLane, MAX_FRUITLESS, pauseBefore, type Lane } from '../import/lane.ts';
import { openReport, type Report } from '../import/report.ts';
import { streamRows } from '../import/stream-rows.ts';
import { openTally, type Counts, type Tally } from '../import/tally.ts';
import { openWire } from '../import/wire.ts';
import type { Verb } from '../program.ts';
import { openProgress } from '../progress.ts';
import { findServer } from '../server.ts';
import type { Shell } from '../shell.ts';

export type ImportOptions = {
  readonly mapping: string;
  readonly withReactions?: boolean;
  readonly report?: string;
};

const ROLE = 'import';
/** Connections at once: a second one fills the pauses in which the first waits for a flush. */
const LANES = 2;
/** Big reads keep the reading cheap; the memory of an import stays far below 100 MB. */
const READ_BYTES = 262_144;

/** The verb that imports files of this kind. */
export const importOf =
  (kind: Kind): Verb<ImportOptions> =>
  (shell, options, name = '') =>
    importFile(shell, options, { kind, name });

const importFile = async (
  shell: Shell,
  options: ImportOptions,
  { kind, name }: { readonly kind: Kind; readonly name: string },
): Promise<ExitCode> => {
  const { world } = shell;
  const file = resolve(world.cwd, name);
  const mapping = await mappingOf(shell, options, kind);
  const bytes = await sizeOf(file, name);
  // A server that is not there is told of before the file is read.
  if (shell.options.dryRun !== true) {
    await call(await findServer(world, shell.options, ROLE), 'GET', '/healthz');
    await checkZone(shell, mapping);
  }
  const report = openReport(placesOf(shell, options.report, file));
  const tally = openTally(report.add);
  const started = world.now();
  const ended = await sendFile(shell, { file, bytes, mapping, options, tally, started }).catch(
    (error: unknown) => {
      report.close(); // what was refused so far is worth reading
      throw error;
    },
  );
  const seconds = (world.now() - started) / 1000;
  return finish(shell, { mapping, report, counts: tally.counts(), seconds, ended, name });
};

/** @throws MAPPING_INVALID */
const mappingOf = async (
  { world }: Shell,
  { mapping: named }: ImportOptions,
  kind: Kind,
): Promise<Mapping> => {
  const mapping = await readMapping(named.endsWith('.json') ? resolve(world.cwd, named) : named);
  if (mapping.kind !== kind)
    throw new TenureError(
      'MAPPING_INVALID',
      `The mapping ${named} is for ${mapping.kind}: tenure import ${mapping.kind}.`,
    );
  return mapping;
};

/** Dates of another zone are still the right instants; the business days they fall on may be others than in the file. */
const checkZone = async (shell: Shell, { date }: Mapping): Promise<void> => {
  let zone: unknown;
  try {
    ({ zone } = (await shell.get('ops', '/ops/clock')).body);
  } catch (error) {
    if (!(error instanceof TenureError)) throw error;
    return; // a token for imports alone may not ask
  }
  if (typeof zone === 'string' && zone !== date.zone)
    shell.say(
      `note: the mapping reads dates in ${date.zone}, business days of this server are those of ${zone}: a date may fall on the day before or after.`,
    );
};

const sizeOf = async (file: string, name: string): Promise<number | null> => {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new TenureError('FILE_UNREADABLE', `${name} is a folder.`);
    return found.isFile() ? found.size : null; // a pipe has no size
  } catch (error) {
    if (error instanceof TenureError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new TenureError('FILE_UNREADABLE', `${name} cannot be read (${code}).`);
  }
};

/** Beside the file; where that folder belongs to somebody else, here. */
const placesOf = ({ world }: Shell, given: string | undefined, file: string): readonly string[] =>
  given !== undefined
    ? [resolve(world.cwd, given)]
    : [`${file}.refused.csv`, resolve(world.cwd, `${basename(file)}.refused.csv`)];

type Sending = {
  readonly file: string;
  readonly bytes: number | null;
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  readonly tally: Tally;
  readonly started: number;
};

/** @throws what made a lane give up */
const sendFile = async (shell: Shell, sending: Sending): Promise<'complete' | 'interrupted'> => {
  const { world } = shell;
  const { file, bytes, mapping, tally, started } = sending;
  const progress = openProgress(world);
  const broken = new AbortController();
  const interrupted = world.interruptible();
  const lanes: Lane[] = [];
  const failed = (error: unknown): void => {
    broken.abort(error);
    for (const lane of lanes) lane.abandon();
  };
  const waits = (reason: string): void => {
    if (world.terminal.attended) {
      progress.clear();
      shell.say(`waiting: ${reason}`);
    }
  };
  const dry = shell.options.dryRun === true;
  for (let i = 0; i < (dry ? 0 : LANES); i++) lanes.push(laneTo(shell, sending, { failed, waits }));
  const stream = createReadStream(file, { highWaterMark: READ_BYTES });
  const tick = (): void =>
    progress.show(stepOf(stream, bytes, tally.counts(), (world.now() - started) / 1000, dry));
  const drawing = setInterval(tick, 200);
  try {
    const stop = AbortSignal.any([broken.signal, interrupted]);
    await streamRows({ chunks: stream, mapping, tally, lanes, stop, tick });
  } catch (error) {
    failed(error); // the file cannot be read further: nothing may go on in the background
  } finally {
    clearInterval(drawing);
    progress.clear();
    stream.destroy();
  }
  if (broken.signal.aborted) throw cannotGoOn(broken.signal.reason);
  return interrupted.aborted ? 'interrupted' : 'complete';
};

const laneTo = (
  { world, options: server }: Shell,
  { mapping, options, tally }: Sending,
  events: { readonly failed: (error: unknown) => void; readonly waits: (reason: string) => void },
): Lane => {
  const query = new URLSearchParams({ backfill: 'true', system: mapping.system });
  if (options.withReactions === true) query.set('reactions', 'true');
  return createLane({
    // Found anew each time: a server that was restarted may have another port.
    connect: async (wire) =>
      openWire(await findServer(world, server, ROLE), `/api/commands?${query.toString()}`, wire),
    settle: tally.settle,
    sleep: world.sleep,
    ...events,
  });
};

const stepOf = (stream: ReadStream, bytes: number | null, counts: Counts, seconds: number, dry: boolean) => {
  const { accepted, duplicates, rejected, conflicts, rows } = counts;
  const settled = dry ? rows : accepted + duplicates + rejected + conflicts;
  // What is read but not answered is not done: the share of the file is scaled by the share of its rows.
  const done = stream.bytesRead * (rows === 0 ? 0 : settled / rows);
  const left = bytes === null || done === 0 ? null : (seconds * (bytes - done)) / done;
  return {
    label: 'import',
    done,
    total: bytes,
    rate: settled / Math.max(seconds, 0.001),
    unit: 'rows',
    eta: left,
  };
};

const cannotGoOn = (error: unknown): unknown =>
  error instanceof TenureError && error.retriable
    ? new TenureError(
        error.code,
        `${error.message} What was answered is safe; run the same import again and it goes on where it stopped.`,
        error.data,
      )
    : error;

type Ending = {
  readonly mapping: Mapping;
  readonly report: Report;
  readonly counts: Counts;
  readonly seconds: number;
  readonly ended: 'complete' | 'interrupted';
  readonly name: string;
};

const finish = async (
  shell: Shell,
  { mapping, report, counts, seconds, ended, name }: Ending,
): Promise<ExitCode> => {
  const { file, sha256 } = report.close();
  const dry = shell.options.dryRun === true;
  const complete = ended === 'complete' && !dry;
  const importId = complete ? uuid7(shell.world.now(), randomBytes(10)) : null;
  const { accepted, duplicates, rejected, conflicts, rows } = counts;
  const result = {
    ...(dry && { dryRun: true }),
    accepted,
    duplicates,
    rejected,
    conflicts,
    rows,
    seconds: Number(seconds.toFixed(3)),
    rowsPerSecond: Math.round(rows / Math.max(seconds, 0.001)),
    importId,
    report: file,
  };
  shell.print(result, textOf(counts, seconds, dry));
  if (file !== null)
    shell.say(`${count(rejected + conflicts, 'row')} refused: row, column and reason are in ${file}`);
  if (importId !== null) {
    const run = { importId, source: mapping.system, accepted, updated: 0, duplicates };
    await recordRun(shell, { ...run, rejected: rejected + conflicts, reportSha256: sha256 });
  }
  if (ended === 'interrupted') {
    shell.say(`Interrupted. What was answered is safe: run the same import of ${name} again to go on.`);
    return EXIT.interrupted;
  }
  // Some bad rows are the file's matter; not one good row is a wrong mapping.
  return rows > 0 && (dry ? rejected === rows : accepted + duplicates === 0) ? EXIT.failed : EXIT.ok;
};

/** The server may have been stopped behind the last row: it is told when it is back. Said twice, it is kept once. */
const recordRun = async (shell: Shell, record: object): Promise<void> => {
  for (let attempt = 1; ; attempt++)
    try {
      await call(await findServer(shell.world, shell.options, ROLE), 'POST', '/ops/imports', record);
      return;
    } catch (error) {
      if (!isTenureError(error) || !error.retriable || attempt > MAX_FRUITLESS) throw error;
      await shell.world.sleep(pauseBefore(attempt));
    }
};

const textOf = (
  { accepted, duplicates, rejected, conflicts, rows }: Counts,
  seconds: number,
  dry: boolean,
): string =>
  dry
    ? `${count(rows, 'row')} read, ${number(rejected)} of them refused; nothing was sent\n`
    : `${count(rows, 'row')} in ${span(seconds)}: ${number(accepted)} accepted, ${number(duplicates)} duplicates, ${number(rejected)} rejected, ${number(conflicts)} conflicts\n`;
