import { createRandom, type Random } from "#simulator/random.ts";

/**
 * How often a fault hits: the next `count` times that it can, and after those with probability `rate`.
 * `fired` is how often it did.
 */
export type Fault = { count: number; rate: number; fired: number };

/** Faults, as set by the control plane. */
export type Faults = {
  /** Requests answered `THROTTLED` whatever the bucket holds. */
  throttle: Fault;
  /** Requests answered 429 with `Retry-After`. */
  tooManyRequests: Fault & { retryAfterSeconds: number };
  /** Requests answered with an error, nothing done. */
  serverError: Fault & { status: number };
  /** Mutations and token requests that are carried out, but answered with an error. */
  lostAnswer: Fault & { status: number };
  /** Requests that are neither carried out nor answered: the socket stays open. */
  hang: Fault;
  /** Requests that are carried out at once and answered after a delay in real time. */
  lateAnswer: Fault & { milliseconds: number };
  /** Access tokens that become invalid with the request that uses them. */
  expireToken: Fault;
  /** Pairs that are invalid when their access token is used, as if another exchange had replaced them. */
  revokePair: Fault;
  /** Refresh tokens that are invalid when they are used. */
  killRefreshToken: Fault;
  /** Bulk operations that fail half-way, with partial data. */
  failBulk: Fault & { errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" };
  /** Bulk operations that are cancelled, or expire, half-way: completed lines stay completed. */
  cancelBulk: Fault;
  expireBulk: Fault;
  /** Staged uploads answered 503. */
  failUpload: Fault;
  /** Downloads of a result whose connection is cut in the middle. */
  cutDownload: Fault;
  /** Webhooks that are never delivered. */
  dropWebhook: Fault;
  duplicateWebhook: Fault;
  /** Webhooks that are delayed by `milliseconds` of the shop's time. */
  delayWebhook: Fault & { milliseconds: number };
  /** Webhooks that are held back, and later sent in reverse order. */
  reorderWebhook: Fault;
};

export type FaultKind = keyof Faults;

const none = (): Fault => ({ count: 0, rate: 0, fired: 0 });

function noFaults(): Faults {
  return {
    throttle: none(),
    tooManyRequests: { ...none(), retryAfterSeconds: 1 },
    serverError: { ...none(), status: 502 },
    lostAnswer: { ...none(), status: 502 },
    hang: none(),
    lateAnswer: { ...none(), milliseconds: 1000 },
    expireToken: none(),
    revokePair: none(),
    killRefreshToken: none(),
    failBulk: { ...none(), errorCode: "INTERNAL_SERVER_ERROR" },
    cancelBulk: none(),
    expireBulk: none(),
    failUpload: none(),
    cutDownload: none(),
    dropWebhook: none(),
    duplicateWebhook: none(),
    delayWebhook: { ...none(), milliseconds: 60_000 },
    reorderWebhook: none(),
  };
}

/** The settings of a fault; omitted ones stay as they are. */
export type FaultPlan = { [Kind in FaultKind]?: Partial<Omit<Faults[Kind], "fired">> | undefined };

/** The faults of a simulated Shopify, with their own random seed. */
export class FaultSource {
  readonly kinds: Faults = noFaults();
  #chance: Random = createRandom(1);

  /** Whether the fault hits this time; consumes one of its count and counts the hit. */
  takes(kind: FaultKind): boolean {
    const fault = this.kinds[kind];
    if (fault.count > 0) fault.count -= 1;
    else if (fault.rate <= 0 || this.#chance.next() >= fault.rate) return false;
    fault.fired += 1;
    return true;
  }

  /** @param seed restarts the random source */
  plan(plan: FaultPlan, seed?: number): void {
    if (seed !== undefined) this.#chance = createRandom(seed);
    for (const kind of faultKinds) Object.assign(this.kinds[kind], plan[kind]);
  }

  /** Ends all faults; keeps their counts. */
  end(): void {
    for (const kind of faultKinds) Object.assign(this.kinds[kind], { count: 0, rate: 0 });
  }

  /** As at the start. */
  forget(): void {
    Object.assign(this.kinds, noFaults());
  }
}

export const faultKinds = Object.keys(noFaults()) as FaultKind[];
