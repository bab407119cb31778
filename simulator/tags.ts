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

export function withoutTags(tags: readonly string[], removed: readonly string[]): string[] {
  const lower = new Set(splitTags(removed).map((tag) => tag.toLowerCase()));
  return tags.filter((tag) => !lower.has(tag.toLowerCase()));
}

/** What is wrong with a whole set of tags, in Shopify's words. */
export function tagsError(tags: readonly string[]): string | undefined {
  if (tags.length > mostTags) return `Tags cannot be more than ${mostTags}`;
  if (tags.some((tag) => tag.length > longestTag)) {
    return `Tags is too long (maximum is ${longestTag} characters)`;
  }
  return undefined;
}
