import type { SimShop } from "#simulator/state.ts";

/** Limits as recorded. */
const mostTags = 250;
const longestTag = 255;

const order = new Intl.Collator("en", { sensitivity: "accent" });

/** Splits at commas, trims, drops empty tags. */
export function splitTags(tags: readonly string[]): string[] {
  return tags.flatMap((tag) =>
    tag
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
}

/** Sorted, and distinct ignoring case; the first spelling is kept. */
export function normalizeTags(tags: readonly string[]): string[] {
  const byLower = new Map<string, string>();
  for (const tag of splitTags(tags)) {
    const lower = tag.toLowerCase();
    if (!byLower.has(lower)) byLower.set(lower, tag);
  }
  return [...byLower.values()].sort((a, b) => order.compare(a, b));
}

/** A customer's tags are removed ignoring case, an order's only in their exact case (recorded). */
export function withoutTags(
  tags: readonly string[],
  removed: readonly string[],
  { exactCase = false } = {},
): string[] {
  const same = (tag: string) => (exactCase ? tag : tag.toLowerCase());
  const toRemove = new Set(splitTags(removed).map(same));
  return tags.filter((tag) => !toRemove.has(same(tag)));
}

/** The first spelling of every tag on customers of a shop, by its lower-case form. */
const casings = new WeakMap<SimShop, Map<string, string>>();

/**
 * Tags for a customer of a shop: a tag that differs from an existing one of the shop only in case takes that
 * spelling, as recorded.
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

/** The error of a set of tags, with Shopify's message. */
export function tagsError(tags: readonly string[]): string | undefined {
  if (tags.length > mostTags) return `Tags cannot be more than ${mostTags}`;
  if (tags.some((tag) => tag.length > longestTag)) {
    return `Tags is too long (maximum is ${longestTag} characters)`;
  }
  return undefined;
}
