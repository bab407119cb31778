/**
 * The namespace of Encore's metafields on customers. It is the merchant's, not reserved to the app,
 * so that e-mail tools and Flow can read it (docs/decisions/metafield-namespace.md).
 */
export const metafieldNamespace = "encore";

export const metafieldKeys = [
  "clv_tier",
  "buy_tier",
  "expected_spend",
  "buy_probability",
  "next_order_from",
  "next_order_to",
  "scored_at",
] as const;
export type MetafieldKey = (typeof metafieldKeys)[number];

/** Values by key; an absent key has no value on the customer. */
export type MetafieldValues = Partial<Record<MetafieldKey, string>>;

export type MetafieldDefinition = {
  key: MetafieldKey;
  type: "single_line_text_field" | "number_decimal" | "date";
  /** Merchant-facing: shown in the admin beside the value and in the segment editor. */
  name: string;
  description: string;
  /** Whether our segments filter by it; a shop may have fifty filterable definitions. */
  filterable: boolean;
};

export const metafieldDefinitions: readonly MetafieldDefinition[] = [
  {
    key: "clv_tier",
    type: "single_line_text_field",
    name: "Customer lifetime value",
    description: "high, moderate, low or new: predicted future value within this store.",
    filterable: false,
  },
  {
    key: "buy_tier",
    type: "single_line_text_field",
    name: "Purchase likelihood",
    description: "high, moderate, low or new: how likely the customer is to buy again.",
    filterable: false,
  },
  {
    key: "expected_spend",
    type: "number_decimal",
    name: "Expected spend",
    description: "Expected net spend within the horizon, in the shop's currency.",
    filterable: false,
  },
  {
    key: "buy_probability",
    type: "number_decimal",
    name: "Probability of an order",
    description: "Probability of at least one order within the horizon, from 0 to 1.",
    filterable: false,
  },
  {
    key: "next_order_from",
    type: "date",
    name: "Next order from",
    description: "Start of the period in which the next order is expected.",
    filterable: false,
  },
  {
    key: "next_order_to",
    type: "date",
    name: "Next order until",
    description: "End of the period in which the next order is expected.",
    filterable: false,
  },
  {
    key: "scored_at",
    type: "date",
    name: "Scored on",
    description: "Day of the prediction. Older than 14 days means out of date.",
    filterable: true,
  },
];

export const metafieldTypes = Object.fromEntries(
  metafieldDefinitions.map(({ key, type }) => [key, type]),
) as Record<MetafieldKey, MetafieldDefinition["type"]>;
