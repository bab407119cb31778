/** A text to compare with bytes, four at a time. */
export class FixedText {
  readonly length: number;
  readonly #words: Int32Array;
  /** The bytes after the last whole word. */
  readonly #rest: Uint8Array;

  constructor(text: string) {
    const bytes = Buffer.from(text);
    this.length = bytes.length;
    const words = Math.floor(bytes.length / 4);
    this.#words = Int32Array.from({ length: words }, (_, word) => bytes.readInt32LE(4 * word));
    this.#rest = Uint8Array.from(bytes.subarray(4 * words));
  }

  isAt(view: DataView, from: number): boolean {
    if (from + this.length > view.byteLength) return false;
    const words = this.#words;
    let at = from;
    for (let word = 0; word < words.length; word += 1, at += 4) {
      if (view.getInt32(at, true) !== words[word]) return false;
    }
    const rest = this.#rest;
    for (let byte = 0; byte < rest.length; byte += 1, at += 1) {
      if (view.getUint8(at) !== rest[byte]) return false;
    }
    return true;
  }
}
