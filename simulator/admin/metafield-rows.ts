import type { SimCustomer, SimShop } from "#simulator/state.ts";

export type MetafieldRow = {
  /** Of the definition; null when the metafield has none. */
  name: string | null;
  /** `namespace.key`, canonical. */
  key: string;
  /** As stored; null when the customer has no value under this definition. */
  value: string | null;
};

/** The definitions for customers with this customer's values, then values that have no definition. */
export function metafieldRows(shop: SimShop, customer: SimCustomer): MetafieldRow[] {
  const defined = new Map(
    [...shop.metafieldDefinitions.values()]
      .filter((definition) => definition.ownerType === "CUSTOMER")
      .map((definition) => [`${definition.namespace}.${definition.key}`, definition.name]),
  );
  const rows = [...defined].map(([key, name]) => ({
    name,
    key,
    value: customer.metafields.get(key)?.value ?? null,
  }));
  const undefinedRows = [...customer.metafields.entries()]
    .filter(([key]) => !defined.has(key))
    .map(([key, metafield]) => ({ name: null, key, value: metafield.value }));
  return [...rows, ...undefinedRows];
}
