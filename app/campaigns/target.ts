import { cellName, cells } from "#app/scoring/store/totals.ts";
import { axes, type Axis, type Tier, tiers } from "#engine";

/** The customers of one tier on one axis. */
export type TierTarget = { axis: Axis; tier: Tier };
/** The customers of one tier on each axis: a cell of the grid. */
export type CellTarget = { axis: "grid"; clv: Tier; buy: Tier };
export type Target = TierTarget | CellTarget;

/** The tier of the target's customers on each axis; null for any. */
export function criteriaOf(target: Target): Record<Axis, Tier | null> {
  if (target.axis === "grid") return { clv: target.clv, buy: target.buy };
  return { clv: null, buy: null, [target.axis]: target.tier };
}

function groupOf(target: Target): string {
  return target.axis === "grid" ? cellName(target) : target.tier;
}

/** The key of a target in our tables, for example `clv:high` or `grid:high-low`. */
export function targetKey(target: Target): string {
  return `${target.axis}:${groupOf(target)}`;
}

/** The path of the target's page. */
export function targetPath(target: Target): string {
  return `/app/targets/${target.axis}/${groupOf(target)}`;
}

/** @returns null for an unknown axis or group */
export function parseTarget(axis: string, group: string): Target | null {
  if (axis === "grid") {
    const cell = cells.find((one) => cellName(one) === group);
    return cell ? { axis, ...cell } : null;
  }
  const knownAxis = axes.find((known) => known === axis);
  const tier = tiers.find((known) => known === group);
  return knownAxis && tier ? { axis: knownAxis, tier } : null;
}

/** The inverse of {@link targetKey}; null for an invalid key. */
export function targetOfKey(key: string): Target | null {
  const [axis = "", group = ""] = key.split(":");
  return parseTarget(axis, group);
}

export type TargetExample = {
  customerId: string;
  /** Read from Shopify for display, never stored; null without access to names. */
  name: string | null;
  expectedSpendMinor: number;
  spentMinor: number;
  buyProbability: number;
};

export type TargetSegmentView = {
  segmentId: string;
  name: string;
  query: string;
  adminUrl: string;
};

/** The result of a segment's last check. */
export type SegmentCheckView = {
  /** `unknown`: inconclusive so far, because of Shopify's lag or without customers to compare. */
  verdict: "right" | "differs" | "unknown";
  /** Number of members in Shopify, and of customers in the tier, at that time. */
  found: number;
  expected: number;
};

/** Segments by the key of their target. */
export type KnownSegments = Partial<Record<string, TargetSegmentView>>;

/**
 * The outcome of creating a target's segment. `found`: it existed already; `message` is Shopify's.
 */
export type SegmentOutcome =
  | { kind: "created" | "found"; segment: TargetSegmentView }
  | { kind: "not-agreed" }
  | { kind: "rejected"; message: string };

/** Everything the target panel shows. */
export type TargetView = {
  target: Target;
  customers: number;
  expectedSpendMinor: number;
  spentMinor: number;
  horizonDays: number;
  currency: string;
  timeZone: string;
  /** ISO time since when writing is paused; null while it goes on. */
  pausedAt: string | null;
  /** The query of the segment, or of the one that would be created. */
  query: string;
  /** After how many days without a new score a customer leaves the segment; null: never. */
  emptiesAfterDays: number | null;
  examples: TargetExample[];
  /** The target's segment, if it still exists in Shopify. */
  segment: TargetSegmentView | null;
  /** Null before the first check. */
  check: SegmentCheckView | null;
  /** False without the agreement to writing: then the target only shows counts. */
  canCreate: boolean;
};
