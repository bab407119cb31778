import type { SimShop } from "#simulator/state.ts";

/** Limits as recorded. */
const mostTags = 250;
const longestTag = 255;

const order = new Intl.Collator("en", { sensitivity: "accent" });

/** Splits at commas, trims, drops empty ones. */
export function splitTags(tags: readonly string[]): string[] {
  return tags.flatMap((tag) =>
    tag
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
}

/** Sorted, distinct without regard to case; the first casing is kept. */
export function normalizeTags(tags: readonly string[]): string[] {
  const byLower = new Map<string, string>();
  for (const tag of splitTags(tags)) {
    const lower = tag.toLowerCase();
    if (!byLower.has(lower)) byLower.set(lower, tag);
  }
  return [...byLower.values()].sort((a, b) => order.compare(a, b));
}

/** A customer's tags are taken off whatever their case, an order's only in the very case (recorded). */
export function withoutTags(
  tags: readonly string[],
  removed: readonly string[],
  { exactCase = false } = {},
): string[] {
  const same = (tag: string) => (exactCase ? tag : tag.toLowerCase());
  const gone = new Set(splitTags(removed).map(same));
  return tags.filter((tag) => !gone.has(same(tag)));
}

/** The first casing of every tag on customers of a shop, by its small letters. */
const casings = new WeakMap<SimShop, Map<string, string>>();

/**
 * Tags for a customer of a shop: one that equals another of the shop's but for its case comes in the
 * case of that one, as recorded.
 */
export function inCaseOfShop(shop: SimShop, tags: readonly string[]): string[] {
  const known = casings.get(shop) ?? new Map<string, string>();
  if (!casings.has(shop)) {
    casings.set(shop, known);
    for (const customer of shop.customers.values()) remember(known, customer.tags);
  }
  remember(known, tags);
  return tags.map((tag) => known.get(tag.toLowerCase()) ?? tag);
}

function remember(known: Map<string, string>, tags: readonly string[]): void {
  for (const tag of tags) {
    if (!known.has(tag.toLowerCase())) known.set(tag.toLowerCase(), tag);
  }
}

/** What is wrong with a whole set of tags, in Shopify's words. */
export function tagsError(tags: readonly string[]): string | undefined {
  if (tags.length > mostTags) return `Tags cannot be more than ${mostTags}`;
  if (tags.some((tag) => tag.length > longestTag)) {
    return `Tags is too long (maximum is ${longestTag} characters)`;
  }
  return undefined;
}
