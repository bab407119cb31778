/** What the control plane asked to go wrong. Counts say how many of the next requests or deliveries. */
export type Faults = {
  /** Requests answered `THROTTLED` whatever the bucket holds. */
  throttle: { count: number };
  serverError: { count: number; status: number };
  /** Requests answered only after a wait, or, with `milliseconds` null, never: the socket stays open. */
  hang: { count: number; milliseconds: number | null };
  /** Bulk operations that fail half-way, with partial data. */
  failBulk: { count: number; errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" };
  webhooks: {
    drop: { count: number };
    duplicate: { count: number };
    delay: { count: number; milliseconds: number };
    /** Holds this many deliveries back and sends them in reverse. */
    reorder: { count: number };
  };
};

export function noFaults(): Faults {
  return {
    throttle: { count: 0 },
    serverError: { count: 0, status: 502 },
    hang: { count: 0, milliseconds: null },
    failBulk: { count: 0, errorCode: "INTERNAL_SERVER_ERROR" },
    webhooks: {
      drop: { count: 0 },
      duplicate: { count: 0 },
      delay: { count: 0, milliseconds: 0 },
      reorder: { count: 0 },
    },
  };
}

/** Uses one up; true if there was one. */
export function take(fault: { count: number }): boolean {
  if (fault.count <= 0) return false;
  fault.count -= 1;
  return true;
}
