/** Interactive calls, for which a person waits, come before background calls. */
export type Priority = "interactive" | "background";

/** The state of the shop's cost bucket in a reply, in points and points per second. */
export type ThrottleStatus = {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
};

/** Points of the next call, and of all calls that may share its points. */
export type Need = { first: number; all: number };

/**
 * Either `points`, at least those of the first call, were taken; or none, and the caller asks again
 * in `waitMs`.
 */
export type Taken = { points: number; waitMs: number };

export type TakePoints = (need: Need, priority: Priority) => Promise<Taken>;

type Waiting = { cost: number; admit: () => void; refuse: (reason: unknown) => void };

/** Longest time between two tries: an interactive call may have ended, or another process died. */
const RETRY_MS = { interactive: 100, background: 250 };
/** Most calls that take their points together, which saves round trips to the database. */
const MAX_TOGETHER = 20;
/** Jitter between processes that wait for the same points. */
const JITTER_MS = 15;

const NOTHING: Taken = { points: 0, waitMs: 0 };

/**
 * The calls of one process that wait for points of one shop: a FIFO queue for each priority. The
 * order between processes is decided where points are taken.
 */
export class CallLine {
  readonly #take: TakePoints;
  readonly #sleep: (milliseconds: number) => Promise<void>;
  readonly #lines: Record<Priority, Waiting[]> = { interactive: [], background: [] };
  readonly #serving = new Set<Priority>();

  constructor(take: TakePoints, sleep: (milliseconds: number) => Promise<void>) {
    this.#take = take;
    this.#sleep = sleep;
  }

  /**
   * Resolves when the points are taken.
   * @throws the signal's reason when aborted before that
   */
  pass(cost: number, priority: Priority, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const line = this.#lines[priority];
      const leave = () => {
        const place = line.indexOf(waiting);
        if (place >= 0) line.splice(place, 1);
        waiting.refuse(signal?.reason);
      };
      const waiting: Waiting = {
        cost,
        admit: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
        refuse: reject,
      };
      signal?.addEventListener("abort", leave, { once: true });
      line.push(waiting);
      void this.#serve(priority);
    });
  }

  async #serve(priority: Priority): Promise<void> {
    if (this.#serving.has(priority)) return;
    this.#serving.add(priority);
    const line = this.#lines[priority];
    let held = 0;
    for (let [first] = line; first !== undefined; [first] = line) {
      const all = line.slice(0, MAX_TOGETHER).reduce((sum, { cost }) => sum + cost, 0);
      const need = { first: first.cost - held, all: all - held };
      const { points, waitMs } = need.first > 0 ? await this.#take(need, priority) : NOTHING;
      held += points;
      for (let [next] = line; next !== undefined && next.cost <= held; [next] = line) {
        held -= next.cost;
        line.shift();
        next.admit();
      }
      if (waitMs > 0) {
        await this.#sleep(Math.min(waitMs, RETRY_MS[priority]) + Math.random() * JITTER_MS);
      }
    }
    this.#serving.delete(priority);
  }
}
