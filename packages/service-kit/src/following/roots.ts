// Who a customer is now: himself, or whoever he was merged into.
import type { DecodedEvent } from '@tenure/events';
import type { ProjectionDefinition, ProjectionReader } from '@tenure/projections';

/** An entry is two ids; beyond it the oldest are asked for again. */
const MAX_KNOWN = 100_000;
/** Chains of merges are short; a longer one is a loop. */
const MAX_HOPS = 50;

export interface Roots {
  of(key: string): Promise<string>;
  /** May events of this type merge customers? */
  concerns(source: string, type: string): boolean;
  /** Takes over what the event says of merges; answers whose documents that changes. */
  hear(event: DecodedEvent): readonly string[];
}

/** What nobody has said since the start is asked of the projection: a merged customer's document redirects. */
export const createRoots = (
  { name, merges }: ProjectionDefinition,
  reader: Pick<ProjectionReader, 'load'>,
): Roots => {
  const known = new Map<string, string>();
  const put = (key: string, survivor: string): void => {
    known.delete(key);
    known.set(key, survivor);
    const oldest = known.keys().next();
    if (known.size > MAX_KNOWN && oldest.done !== true) known.delete(oldest.value);
  };
  const survivorOf = async (key: string): Promise<string> => {
    const survivor = known.get(key);
    if (survivor !== undefined) return survivor;
    const asked = (await reader.load(name, [key])).get(key)?.redirect ?? key;
    put(key, asked);
    return asked;
  };
  return {
    async of(key) {
      if (merges === undefined) return key;
      let root = key;
      for (let hops = 0; hops < MAX_HOPS; hops++) {
        const survivor = await survivorOf(root);
        if (survivor === root) break;
        root = survivor;
      }
      return root;
    },
    concerns: (source, type) => merges?.source === source && Object.hasOwn(merges.on, type),
    hear(event) {
      const merge = event.source === merges?.source ? merges.on[event.type]?.(event) : undefined;
      if (merge === undefined) return [];
      const others = 'absorbs' in merge ? merge.absorbs : merge.restores;
      for (const other of others) put(other, 'absorbs' in merge ? event.key : other);
      return [event.key, ...others];
    },
  };
};
