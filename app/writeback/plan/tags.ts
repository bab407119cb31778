import { axes, tiers, type Axis, type Tier } from "#engine";

/**
 * The tag vocabulary that e-mail tools read: `clv:high`, `buy:new` and so on.
 * Lower-case ASCII, no comma, never translated, and none contains another, so
 * that a tool that matches parts of tags cannot confuse two of them.
 */
export function tierTag(axis: Axis, tier: Tier): string {
  return `${axis}:${tier}`;
}

/** Every tag Encore may write for a tier: eight in all. */
export const tierTags: readonly string[] = axes.flatMap((axis) =>
  tiers.map((tier) => tierTag(axis, tier)),
);

const known = new Set(tierTags);

/** Those of a customer's tags that are ours; Shopify compares tags without regard to case. */
export function ourTags(tags: readonly string[]): string[] {
  return tags.map((tag) => tag.toLowerCase()).filter((tag) => known.has(tag));
}
