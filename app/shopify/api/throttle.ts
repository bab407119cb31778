/** Calls a person waits for come before work in the background. */
export type Priority = "interactive" | "background";

/** The part of a reply's cost block that says how full the shop's bucket is. */
export type ThrottleStatus = {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
};

/** Points that the next call needs, and that all calls need which may go with it. */
export type Need = { first: number; all: number };

/** `points` are taken, no less than the first call needs; or none, and to ask again in `waitMs`. */
export type Taken = { points: number; waitMs: number };

export type TakePoints = (need: Need, priority: Priority) => Promise<Taken>;

type Waiting = { cost: number; admit: () => void; refuse: (reason: unknown) => void };

/** At most so long between two looks: a person's call may end, or another process die. */
const LOOK_MS = { interactive: 100, background: 250 };
/** So many calls may take their points together: asking takes time, too. */
const TOGETHER = 20;
/** Processes that wait for the same points do not ask at the same moment. */
const SPREAD_MS = 15;

const NOTHING: Taken = { points: 0, waitMs: 0 };

/**
 * The calls of one process that wait for points of one shop: a line for each priority, first come
 * first served. Who goes first of two processes is decided where the points are taken.
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

  /** Resolves when the points are taken. @throws when aborted before that */
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
      const all = line.slice(0, TOGETHER).reduce((sum, { cost }) => sum + cost, 0);
      const need = { first: first.cost - held, all: all - held };
      const { points, waitMs } = need.first > 0 ? await this.#take(need, priority) : NOTHING;
      held += points;
      for (let [next] = line; next !== undefined && next.cost <= held; [next] = line) {
        held -= next.cost;
        line.shift();
        next.admit();
      }
      if (waitMs > 0) {
        await this.#sleep(Math.min(waitMs, LOOK_MS[priority]) + Math.random() * SPREAD_MS);
      }
    }
    this.#serving.delete(priority);
  }
}
