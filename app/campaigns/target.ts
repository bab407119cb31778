import { axes, type Axis, type Tier, tiers } from "#engine";

/** A target is exactly the customers of one tier on one axis. */
export type Target = { axis: Axis; tier: Tier };

/** The key of a target in URLs and in our tables: `clv:high`. */
export function targetKey(target: Target): string {
  return `${target.axis}:${target.tier}`;
}

/** The target of a key, or null when the key names none. */
export function parseTarget(axis: string, tier: string): Target | null {
  const knownAxis = axes.find((known) => known === axis);
  const knownTier = tiers.find((known) => known === tier);
  return knownAxis && knownTier ? { axis: knownAxis, tier: knownTier } : null;
}

/** The target of a key such as `clv:high`, or null when it names none. */
export function targetOfKey(key: string): Target | null {
  const [axis = "", tier = ""] = key.split(":");
  return parseTarget(axis, tier);
}

export type TargetExample = {
  customerId: string;
  /** Read from Shopify when shown, never stored; null when the shop gave no access to names. */
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

/** What the last comparison of a segment with what Shopify finds in it has said. */
export type SegmentCheckView = {
  /** `unknown`: nothing could be told yet, for Shopify's lag or because there is nobody to compare. */
  verdict: "right" | "differs" | "unknown";
  /** Customers whom Shopify found in it, and customers of the tier, at that time. */
  found: number;
  expected: number;
};

/** Segments by the key of their target. */
export type KnownSegments = Partial<Record<string, TargetSegmentView>>;

/**
 * What came of asking for the segment of a target: made now, found again from before, or not made
 * and why. `rejected` carries Shopify's own message.
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
  /** That of the segment, or of the one that would be made. */
  query: string;
  /** After so many days without a new score the segment lets go of a customer; null: never. */
  emptiesAfterDays: number | null;
  examples: TargetExample[];
  /** The segment made before for this target, if it still is in Shopify. */
  segment: TargetSegmentView | null;
  /** Null before the first comparison. */
  check: SegmentCheckView | null;
  /** Before the merchant agreed to writing, a target shows counts and creates nothing. */
  canCreate: boolean;
};
