// Cuts the power at points of a recording and builds the disk that may be found afterwards.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { seeded, type Random } from '../random.ts';
import { imageOf, type Image, type Survival } from './image.ts';
import { carryOut, replayOn } from './replay.ts';
import type { Recording } from './strace.ts';

const SURVIVALS: readonly Survival[] = ['nothing', 'everything', 'some', 'some'];

export type PowerCut = {
  /** Where it was cut and what survived, for the message of a failure. */
  readonly title: string;
  /** Whole lines that the program had written on its standard output: its promises. */
  readonly marks: readonly string[];
  /** Writes the image into a folder that stands for the recorded one. */
  writeTo(folder: string): void;
};

/** The same recording and seed give the same images. */
export function* powerCuts(
  recording: Recording,
  { images, seed }: { readonly images: number; readonly seed: number },
): Generator<PowerCut> {
  const random = seeded(seed);
  const points = cutPoints(effects(recording), images, random);
  const replay = replayOn(recording.root);
  let done = 0;
  let next = 0;
  for (const line of recording.lines) {
    if (!carryOut(replay, line)) continue;
    done++;
    for (; points[next] === done; next++) {
      const survival = random.pick(SURVIVALS);
      const image = imageOf(replay.disk, survival, random);
      yield {
        title: `seed ${seed}, after effect ${done}, of the unflushed survived ${survival}`,
        marks: replay.output.split('\n').slice(0, -1),
        writeTo: (folder) => writeImage(image, recording.root, folder),
      };
    }
  }
}

const effects = ({ root, lines }: Recording): number => {
  const replay = replayOn(root);
  return lines.filter((line) => carryOut(replay, line)).length;
};

const cutPoints = (count: number, images: number, random: Random): readonly number[] =>
  Array.from({ length: images }, () => 1 + random.below(count)).toSorted((a, b) => a - b);

const writeImage = (image: Image, root: string, folder: string): void => {
  for (const [path, bytes] of image) {
    const target = join(folder, relative(root, path));
    if (bytes === null) mkdirSync(target, { recursive: true });
    else writeFileSync(target, bytes);
  }
};
