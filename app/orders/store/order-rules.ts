/** Which orders the merchant leaves out, besides those that never count. */
export type OrderRules = {
  /** Orders with one of these tags; case does not matter, as in Shopify. */
  tags: string[];
  /** Orders that came through one of these channels, by Shopify's source name. */
  channels: string[];
};

export const noRules: OrderRules = { tags: [], channels: [] };

const MOST = 20;
const LONGEST = 255;

/** A comma between two names, as in Shopify's own fields. */
const names = (text: string) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** @returns null when there are too many names, or one is too long */
export function parseOrderRules(typed: { tags: string; channels: string }): OrderRules | null {
  const tags = unique(names(typed.tags));
  const channels = unique(names(typed.channels));
  const fits = [tags, channels].every(
    (list) => list.length <= MOST && list.every((name) => name.length <= LONGEST),
  );
  return fits ? { tags, channels } : null;
}

function unique(list: string[]): string[] {
  const seen = new Set<string>();
  return list.filter((name) => {
    const key = name.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
}

export function isNone({ tags, channels }: OrderRules): boolean {
  return tags.length + channels.length === 0;
}

/** What kind of orders a tag or a channel usually marks. */
export type UsualKind = "subscription" | "wholesale";

const usual: [UsualKind, RegExp][] = [
  ["subscription", /(^|[^a-z])(recurring|renewals?|subscription_contract)([^a-z]|$)/],
  ["wholesale", /(^|[^a-z])(wholesale|b2b|resellers?|trade account)([^a-z]|$)/],
];

/**
 * What a tag or a channel is usually used for. Apps for subscriptions mark renewals so ("Subscription
 * Recurring Order", "appstle_subscription_recurring_order"), Shopify's own channel is
 * `subscription_contract`.
 */
export function usualKind(name: string): UsualKind | null {
  return usual.find(([, pattern]) => pattern.test(name.toLowerCase()))?.[0] ?? null;
}
