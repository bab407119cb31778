const SLOTS = 1024;

type Entry<Value> = { source: Uint8Array; value: Value };

/**
 * What texts were read as, found again by their bytes: the same few status, channels and tags come in
 * millions of lines. A text that falls on another's place takes it.
 */
export class ByteCache<Value> {
  readonly #read: (source: string) => Value;
  readonly #entries: (Entry<Value> | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);

  /** @param read what a text means */
  constructor(read: (source: string) => Value) {
    this.#read = read;
  }

  /** @throws what reading throws */
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
