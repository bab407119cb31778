const SLOTS = 1024;

type Entry<Value> = { source: Uint8Array; value: Value };

/**
 * Caches parsed texts by their bytes: the same few statuses, channels and tags occur in millions of
 * lines. An entry replaces another one in the same slot.
 */
export class ByteCache<Value> {
  readonly #read: (source: string) => Value;
  readonly #entries: (Entry<Value> | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);

  /** @param read parses a text */
  constructor(read: (source: string) => Value) {
    this.#read = read;
  }

  /** @throws what `read` throws */
  of(bytes: Buffer, from: number, to: number): Value {
    let hash = 0;
    for (let at = from; at < to; at += 1) hash = (hash * 31 + bytes[at]) | 0;
    const slot = hash & (SLOTS - 1);
    const entry = this.#entries[slot];
    if (entry?.source.length === to - from) {
      let same = 0;
      while (from + same < to && entry.source[same] === bytes[from + same]) same += 1;
      if (from + same === to) return entry.value;
    }
    const value = this.#read(bytes.toString("utf8", from, to));
    this.#entries[slot] = { source: Uint8Array.from(bytes.subarray(from, to)), value };
    return value;
  }
}
