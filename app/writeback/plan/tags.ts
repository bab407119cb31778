import { axes, type Axis, type Tier, tiers } from "#engine";

/**
 * The tag vocabulary that e-mail tools read: `clv:high`, `buy:new` and so on. Lower-case ASCII, no
 * comma, never translated; no tag contains another, for tools that match substrings.
 */
export function tierTag(axis: Axis, tier: Tier): string {
  return `${axis}:${tier}`;
}

/** Every tag Encore may write for a tier: eight in all. */
export const tierTags: readonly string[] = axes.flatMap((axis) =>
  tiers.map((tier) => tierTag(axis, tier)),
);

const known = new Set(tierTags);

/** Our tags among a customer's, in lower case: Shopify's tags are case-insensitive. */
export function ourTags(tags: readonly string[]): string[] {
  return tags.map((tag) => tag.toLowerCase()).filter((tag) => known.has(tag));
}
