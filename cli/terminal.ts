import type { Readable, Writable } from "node:stream";

/** The command's streams: those of the process, or a test's. */
export type Terminal = {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
};

const EVERY_MS = 100;

/** A progress line on standard error; nothing if that is not a terminal. */
export class Progress {
  #stderr: Terminal["stderr"];
  #shown = false;
  #last = 0;

  constructor({ stderr }: Terminal) {
    this.#stderr = stderr;
  }

  /** Shows the current step, and its completed share, if known. */
  tell(what: string, share?: number): void {
    if (!this.#stderr.isTTY) return;
    const now = performance.now();
    if (share !== undefined && share < 1 && now - this.#last < EVERY_MS) return;
    this.#last = now;
    const percent = share === undefined ? "…" : ` ${Math.floor(100 * share)} %`;
    this.#stderr.write(`\r\u001b[K${what}${percent}`);
    this.#shown = true;
  }

  /** Clears the line before something else is written. */
  end(): void {
    if (this.#shown) this.#stderr.write("\r\u001b[K");
    this.#shown = false;
  }
}
