import type { Readable, Writable } from "node:stream";

/** What the command speaks through: the process's own streams, or a test's. */
export type Terminal = {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
};

const EVERY_MS = 100;

/** One line on standard error that tells how far the work is; nothing where nobody watches. */
export class Progress {
  #stderr: Terminal["stderr"];
  #shown = false;
  #last = 0;

  constructor({ stderr }: Terminal) {
    this.#stderr = stderr;
  }

  /** What is being done, and the share of it that is, where that is known. */
  tell(what: string, share?: number): void {
    if (!this.#stderr.isTTY) return;
    const now = performance.now();
    if (share !== undefined && share < 1 && now - this.#last < EVERY_MS) return;
    this.#last = now;
    const percent = share === undefined ? "…" : ` ${Math.floor(100 * share)} %`;
    this.#stderr.write(`\r\u001b[K${what}${percent}`);
    this.#shown = true;
  }

  /** Wipes the line before something else is written. */
  end(): void {
    if (this.#shown) this.#stderr.write("\r\u001b[K");
    this.#shown = false;
  }
}
