import { createRandom, type Random } from "#simulator/random.ts";

/**
 * How often something goes wrong: the next `count` times that it could, and after those with a
 * chance of `rate`. `fired` is how often it did.
 */
export type Fault = { count: number; rate: number; fired: number };

/** What the control plane asked to go wrong. */
export type Faults = {
  /** Requests answered `THROTTLED` whatever the bucket holds. */
  throttle: Fault;
  /** Requests answered 429 with `Retry-After`. */
  tooManyRequests: Fault & { retryAfterSeconds: number };
  /** Requests answered with an error, nothing done. */
  serverError: Fault & { status: number };
  /** Mutations and token requests that are carried out, and answered with an error all the same. */
  lostAnswer: Fault & { status: number };
  /** Requests that are taken and never answered, nothing done: the socket stays open. */
  hang: Fault;
  /** Requests that are carried out at once and answered after a wait of real time. */
  lateAnswer: Fault & { milliseconds: number };
  /** Access tokens that die with the request that shows them. */
  expireToken: Fault;
  /** Pairs that are dead when a request shows their access token: another exchange has replaced them. */
  revokePair: Fault;
  /** Refresh tokens that are dead when they are shown. */
  killRefreshToken: Fault;
  /** Bulk operations that fail half-way, with partial data. */
  failBulk: Fault & { errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" };
  /** Bulk operations that are cancelled, or run out of time, half-way: what was done stays done. */
  cancelBulk: Fault;
  expireBulk: Fault;
  /** Staged uploads answered 503. */
  failUpload: Fault;
  /** Downloads of a result that break off in the middle. */
  cutDownload: Fault;
  /** Webhooks that are never delivered. */
  dropWebhook: Fault;
  duplicateWebhook: Fault;
  /** Webhooks that come so much later, in the shop's time. */
  delayWebhook: Fault & { milliseconds: number };
  /** Webhooks that are held back, and sent in reverse when there are some. */
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

/** What of a fault can be asked for; what is left out stays as it is. */
export type FaultPlan = { [Kind in FaultKind]?: Partial<Omit<Faults[Kind], "fired">> | undefined };

/** The faults of a simulated Shopify, drawn from a seed of their own. */
export class FaultSource {
  readonly kinds: Faults = noFaults();
  #chance: Random = createRandom(1);

  /** Whether this one goes wrong; uses one up, and counts it. */
  takes(kind: FaultKind): boolean {
    const fault = this.kinds[kind];
    if (fault.count > 0) fault.count -= 1;
    else if (fault.rate <= 0 || this.#chance.next() >= fault.rate) return false;
    fault.fired += 1;
    return true;
  }

  /** @param seed begins the drawing anew */
  plan(plan: FaultPlan, seed?: number): void {
    if (seed !== undefined) this.#chance = createRandom(seed);
    for (const kind of faultKinds) Object.assign(this.kinds[kind], plan[kind]);
  }

  /** From now on nothing goes wrong; what did stays counted. */
  end(): void {
    for (const kind of faultKinds) Object.assign(this.kinds[kind], { count: 0, rate: 0 });
  }

  /** As at the start. */
  forget(): void {
    Object.assign(this.kinds, noFaults());
  }
}

export const faultKinds = Object.keys(noFaults()) as FaultKind[];
