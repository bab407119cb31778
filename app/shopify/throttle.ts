/** Calls a person waits for come before work in the background. */
export type Priority = "interactive" | "background";

/** The part of a reply's cost block that says how full the shop's bucket is. */
export type ThrottleStatus = {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
};

export type Clock = {
  /** Milliseconds. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
};

type Waiting = { cost: number; priority: Priority; admit: () => void };

/** Until Shopify has said otherwise: the smallest plan's rate, and a bucket far from full. */
const ASSUMED: ThrottleStatus = {
  maximumAvailable: 1000,
  currentlyAvailable: 500,
  restoreRate: 100,
};

/** Background work leaves this share of the bucket, so that a page never waits behind it. */
const RESERVED_FOR_PEOPLE = 0.1;

/**
 * Our picture of a shop's leaky bucket: points come back at a steady rate, each call takes its
 * cost, and a call that would not fit waits exactly until it does. Every reply corrects the picture,
 * because other processes drink from the same bucket.
 */
export class CostBucket {
  readonly #clock: Clock;
  #status = ASSUMED;
  #at: number;
  /** Points of calls on their way, which the last reply may not have counted yet. */
  #inFlight = 0;
  #waiting: Waiting[] = [];
  #draining = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Points that a call sent now would find. */
  get available(): number {
    const { maximumAvailable, currentlyAvailable, restoreRate } = this.#status;
    const restored = ((this.#clock.now() - this.#at) / 1000) * restoreRate;
    return Math.min(maximumAvailable, currentlyAvailable + restored) - this.#inFlight;
  }

  /** Resolves when `cost` points are there, and takes them. Give them back with {@link settle}. */
  take(cost: number, priority: Priority): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ cost, priority, admit: resolve });
      void this.#drain();
    });
  }

  /**
   * The call that took `cost` points is over. Its reply, when it had one, says what is left.
   * Without one we cannot know whether Shopify counted it, so the points are counted as spent.
   */
  settle(cost: number, status: ThrottleStatus | undefined): void {
    this.#inFlight -= cost;
    if (status === undefined) {
      this.#status = {
        ...this.#status,
        currentlyAvailable: this.available - cost + this.#inFlight,
      };
    } else {
      this.#status = status;
    }
    this.#at = this.#clock.now();
  }

  /** Milliseconds until a call of this cost would be let through; 0 when at once. */
  waitFor(cost: number, priority: Priority): number {
    const { maximumAvailable, restoreRate } = this.#status;
    const reserve = priority === "background" ? maximumAvailable * RESERVED_FOR_PEOPLE : 0;
    // A call dearer than the bucket holds can only be tried when it is full.
    const needed = Math.min(cost + reserve, maximumAvailable);
    const missing = needed - this.available;
    return missing <= 0 ? 0 : Math.ceil((missing / restoreRate) * 1000);
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const wait = this.waitFor(next.cost, next.priority);
      if (wait === 0) {
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        this.#inFlight += next.cost;
        next.admit();
      } else {
        // In slices: a reply or a more urgent call may arrive meanwhile.
        await this.#clock.sleep(Math.min(wait, 250));
      }
    }
    this.#draining = false;
  }

  #next(): Waiting | undefined {
    return this.#waiting.find((each) => each.priority === "interactive") ?? this.#waiting[0];
  }
}
