// The documents folded lately, so that a busy customer is not parsed from the store for each batch.
// It never shows what was not committed: the loop takes a document out while it works on it and puts it back afterwards.
import type { LiveDocument } from './live-document.ts';

// An import walks through all customers, live traffic comes back to a few thousand; several projections keep their own.
// Objects weigh about five times their text.
const MAX_DOCUMENTS = 8_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

export type HotDocuments = {
  /** Takes the document out; the caller puts it back when what it did is committed. */
  take(id: string): LiveDocument | undefined;
  put(document: LiveDocument): void;
  clear(): void;
  drop(id: string): void;
};

/** A cache that forgets what was used longest ago. */
export const hotDocuments = (maxDocuments = MAX_DOCUMENTS, maxCharacters = MAX_CHARACTERS): HotDocuments => {
  const documents = new Map<string, LiveDocument>(); // in the order of their last use
  let characters = 0;
  const take = (id: string): LiveDocument | undefined => {
    const document = documents.get(id);
    if (document === undefined) return undefined;
    documents.delete(id);
    characters -= document.weight;
    return document;
  };
  return {
    take,
    put(document) {
      take(document.id);
      documents.set(document.id, document);
      characters += document.weight;
      for (const oldest of documents.keys()) {
        if (documents.size <= maxDocuments && characters <= maxCharacters) return;
        take(oldest);
      }
    },
    clear() {
      documents.clear();
      characters = 0;
    },
    drop: (id) => void take(id),
  };
};
