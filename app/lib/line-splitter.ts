const NEWLINE = 0x0a;

/** 16 MiB. No line of a bulk result is longer; a longer one means a broken file. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * Splits a stream of bytes into lines. Holds at most one unfinished line, and counts the bytes of
 * finished lines, from which a broken download can be resumed.
 */
export class LineSplitter {
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #finishedBytes = 0;
  readonly #limit: number;

  constructor(limit = MAX_LINE_BYTES) {
    this.#limit = limit;
  }

  /** Bytes up to and including the last newline seen. */
  get finishedBytes(): number {
    return this.#finishedBytes;
  }

  /**
   * @returns the lines that `chunk` completes, without empty ones
   * @throws RangeError for a line too long
   */
  push(chunk: Uint8Array): string[] {
    return this.pushBytes(chunk).flatMap(textLines);
  }

  /**
   * @returns the lines that `chunk` completes, with newlines between them, in up to two pieces: the
   * line that began in an earlier chunk, and a view on `chunk` with the others
   * @throws RangeError for a line too long
   */
  pushBytes(chunk: Uint8Array): Buffer[] {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end === -1) {
      this.#keep(chunk);
      return [];
    }
    const pieces: Buffer[] = [];
    let from = 0;
    if (this.#rest.length > 0) {
      from = chunk.indexOf(NEWLINE);
      pieces.push(Buffer.concat([...this.#rest, chunk.subarray(0, from)]));
      from += 1;
    }
    if (from < end) pieces.push(Buffer.from(chunk.buffer, chunk.byteOffset + from, end - from));
    this.#finishedBytes += this.#restBytes + end + 1;
    this.forgetRest();
    if (end + 1 < chunk.length) this.#keep(chunk.subarray(end + 1));
    return pieces;
  }

  /** @returns the last line, when the stream did not end in a newline */
  end(): string[] {
    return textLines(this.endBytes());
  }

  endBytes(): Buffer {
    const line = Buffer.concat(this.#rest);
    this.#finishedBytes += this.#restBytes;
    this.forgetRest();
    return line;
  }

  /** Drops the unfinished line, which a resumed download will repeat. */
  forgetRest(): void {
    this.#rest = [];
    this.#restBytes = 0;
  }

  #keep(bytes: Uint8Array): void {
    this.#restBytes += bytes.length;
    if (this.#restBytes > this.#limit) {
      throw new RangeError(`A line is longer than ${this.#limit} bytes`);
    }
    this.#rest.push(bytes);
  }
}

/** Lines with newlines between them, as texts, without empty ones. */
export function textLines(bytes: Buffer): string[] {
  return bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** @returns undefined for invalid JSON */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
