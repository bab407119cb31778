import type { SegmentForm } from "./forms.ts";

/** The kind of an attribute's values, which determines its operators and literals. */
export type ValueType =
  | { kind: "number" }
  /** `refused`: forms of dates that are not accepted here. */
  | { kind: "date"; refused?: readonly SegmentForm[] }
  | { kind: "boolean" }
  | { kind: "string" }
  | { kind: "enum"; values: readonly string[] }
  | { kind: "strings" }
  | { kind: "numbers" }
  /** A metafield, if there is no shop with its definition. */
  | { kind: "any" };

const enumOf = (...values: string[]): ValueType => ({ kind: "enum", values });
const number: ValueType = { kind: "number" };
const date: ValueType = { kind: "date" };
const string: ValueType = { kind: "string" };
const strings: ValueType = { kind: "strings" };

const marketingStates = enumOf(
  "SUBSCRIBED",
  "NOT_SUBSCRIBED",
  "UNSUBSCRIBED",
  "PENDING",
  "INVALID",
  "REDACTED",
);

/** All documented attributes, whether or not the simulator implements them. */
const attributes: Readonly<Record<string, ValueType>> = {
  abandoned_checkout_date: date,
  amount_spent: number,
  companies: number,
  created_by_app_id: number,
  customer_account_status: enumOf("DISABLED", "INVITED", "ENABLED", "DECLINED"),
  customer_added_date: date,
  customer_cities: strings,
  customer_countries: strings,
  customer_email_domain: string,
  customer_language: string,
  customer_regions: strings,
  customer_tags: strings,
  email_subscription_status: marketingStates,
  first_order_date: date,
  last_order_date: date,
  number_of_orders: number,
  predicted_spend_tier: enumOf("HIGH", "MEDIUM", "LOW"),
  product_subscription_status: enumOf(
    "SUBSCRIBED",
    "NEVER_SUBSCRIBED",
    "CANCELLED",
    "PAUSED",
    "EXPIRED",
  ),
  rfm_group: enumOf(
    "CHAMPIONS",
    "LOYAL",
    "ACTIVE",
    "PROMISING",
    "NEW",
    "NEEDS_ATTENTION",
    "AT_RISK",
    "PREVIOUSLY_LOYAL",
    "ALMOST_LOST",
    "DORMANT",
    "PROSPECTS",
  ),
  sms_subscription_status: marketingStates,
};

const events = new Set([
  "orders_placed",
  "products_purchased",
  "store_credit_accounts",
  "customer_within_distance",
]);
const eventFamilies = /^(?:storefront_event|shopify_email)\.\w+$/;

/** The parameters of `orders_placed`; no other event has parameters in the simulator. */
const orderParameters: Readonly<Record<string, ValueType>> = {
  date,
  amount: number,
  count: number,
};

export function orderParameterType(name: string): ValueType | null {
  return Object.hasOwn(orderParameters, name) ? (orderParameters[name] ?? null) : null;
}

export function attributeType(name: string): ValueType | null {
  return Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null;
}

export function isEvent(name: string): boolean {
  return events.has(name) || eventFamilies.test(name);
}

const metafieldName = /^metafields\.([\w-]+)\.([\w-]+)$/;

/** Namespace and key of `metafields.facts.birth_date`; null for anything else. */
export function metafieldReference(name: string): { namespace: string; key: string } | null {
  const [, namespace, key] = metafieldName.exec(name) ?? [];
  return namespace === undefined || key === undefined ? null : { namespace, key };
}
