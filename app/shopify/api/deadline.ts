/**
 * A timeout for each of several waits, with a signal that aborts on timeout or with `outer`.
 *
 * Not `AbortSignal.any` with `AbortSignal.timeout`: the combined signal does not keep the timeout
 * alive, so it may be garbage-collected and never fire.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  readonly #outer: AbortSignal | undefined;

  /** @param milliseconds for each wait */
  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.#milliseconds = milliseconds;
    this.#outer = outer;
    if (outer?.aborted) this.#follow();
    else outer?.addEventListener("abort", this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Waits for `work`, and stops waiting on abort even if `work` ignores the signal.
   *
   * @throws DOMException TimeoutError on timeout; the reason of `outer` when that is aborted
   */
  async wait<Result>(work: Promise<Result>): Promise<Result> {
    const { signal } = this;
    const timer = setTimeout(() => {
      const message = `nothing came within ${this.#milliseconds} ms`;
      this.#controller.abort(new DOMException(message, "TimeoutError"));
    }, this.#milliseconds);
    let giveUp: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      giveUp = () => reject(signal.reason as Error);
      if (signal.aborted) giveUp();
      else signal.addEventListener("abort", giveUp, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      clearTimeout(timer);
      if (giveUp !== undefined) signal.removeEventListener("abort", giveUp);
    }
  }

  /** Stops following `outer`. */
  end(): void {
    this.#outer?.removeEventListener("abort", this.#follow);
  }

  readonly #follow = (): void => {
    this.#controller.abort(this.#outer?.reason);
  };
}
