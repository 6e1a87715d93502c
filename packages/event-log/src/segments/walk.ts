// Block after block through a segment file.
import { readSync } from 'node:fs';
import { blockHead, bytesOf, type BlockInMemory, type Bytes } from './decode.ts';
import { BLOCK_HEADER } from './format.ts';

const CHUNK = 256 * 1024; // four full blocks per read: larger reads gain nothing from the page cache

export type Visit = (block: BlockInMemory) => 'next' | 'stop' | 'broken';

/** Where a walk ended: at `to`, where the visitor stopped, in an incomplete block, or at bytes that are none. */
export type WalkEnd = { readonly offset: number; readonly why: 'end' | 'stopped' | 'torn' | 'broken' };

/**
 * Walks the blocks between two offsets of a file. `keep`: the visitor keeps views of the bytes, so each read gets a
 * buffer of its own.
 */
export const walkBlocks = (fd: number, from: number, to: number, keep: boolean, visit: Visit): WalkEnd => {
  let offset = from;
  let wanted = CHUNK;
  let spare: Buffer | null = null;
  while (offset < to) {
    const size = Math.min(wanted, to - offset);
    const buffer: Buffer =
      !keep && spare !== null && spare.length >= size ? spare : Buffer.allocUnsafeSlow(size);
    spare = buffer;
    const read = readSync(fd, buffer, 0, size, offset);
    if (read < size) return { offset, why: 'torn' };
    const step = walkChunk(bytesOf(buffer), size, offset, visit);
    offset += step.done;
    if (step.why !== 'more') return { offset, why: step.why };
    if (step.done === 0 && offset + step.needed > to) return { offset, why: 'torn' };
    wanted = step.done === 0 ? step.needed : CHUNK;
  }
  return { offset, why: 'end' };
};

type Step =
  | { readonly done: number; readonly why: 'stopped' | 'broken' }
  | { readonly done: number; readonly why: 'more'; readonly needed: number };

const walkChunk = (bytes: Bytes, size: number, offset: number, visit: Visit): Step => {
  let at = 0;
  while (at + BLOCK_HEADER <= size) {
    const head = blockHead(bytes, at);
    if (head === null) return { done: at, why: 'broken' };
    if (at + head.bytes > size) return { done: at, why: 'more', needed: head.bytes };
    const answer = visit({ bytes, at, offset: offset + at, head });
    if (answer === 'broken') return { done: at, why: 'broken' };
    at += head.bytes;
    if (answer === 'stop') return { done: at, why: 'stopped' };
  }
  return { done: at, why: 'more', needed: BLOCK_HEADER };
};
