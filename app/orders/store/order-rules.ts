/** Which orders the merchant leaves out, besides those that never count, and which count as well. */
export type OrderRules = {
  /** Orders with one of these tags; case does not matter, as in Shopify. */
  tags: string[];
  /** Orders that came through one of these channels, by Shopify's source name. */
  channels: string[];
  /** Orders worth nothing from the start count; missing: they do not. */
  countZero?: true;
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

/** The fields of the form; `countZero` is `on` when orders worth nothing count. */
export type TypedRules = { tags: string; channels: string; countZero: string };
export const orderRuleFields = ["tags", "channels", "countZero"] as const;

/** @returns null when there are too many names, or one is too long */
export function parseOrderRules(typed: TypedRules): OrderRules | null {
  const tags = unique(names(typed.tags));
  const channels = unique(names(typed.channels));
  const fits = [tags, channels].every(
    (list) => list.length <= MOST && list.every((name) => name.length <= LONGEST),
  );
  const zero = typed.countZero === "on" ? { countZero: true as const } : {};
  return fits ? { tags, channels, ...zero } : null;
}

function unique(list: string[]): string[] {
  const seen = new Set<string>();
  return list.filter((name) => {
    const key = name.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
}

export function isNone({ tags, channels, countZero }: OrderRules): boolean {
  return tags.length + channels.length === 0 && countZero !== true;
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
