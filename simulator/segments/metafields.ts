import type { SimCustomer, SimMetafieldDefinition, SimShop } from "#simulator/state.ts";

import type { ValueType } from "./attributes.ts";
import { segmentFormNames } from "./forms.ts";
import { type MetafieldTypes, parseSegmentQuery } from "./parse.ts";
import type { ParsedQuery } from "./query.ts";

/** Metafield types that segments can filter by, and the kinds of their values. */
const valueTypes: Readonly<Record<string, ValueType>> = {
  boolean: { kind: "boolean" },
  date: { kind: "date" },
  date_time: { kind: "date" },
  number_integer: { kind: "number" },
  number_decimal: { kind: "number" },
  single_line_text_field: { kind: "string" },
  "list.single_line_text_field": { kind: "strings" },
  "list.number_integer": { kind: "numbers" },
  "list.number_decimal": { kind: "numbers" },
};

/** The definition a filter needs: of customers, filterable in the admin, of a type above. */
function findDefinition(
  shop: SimShop,
  namespace: string,
  key: string,
): SimMetafieldDefinition | null {
  for (const definition of shop.metafieldDefinitions.values()) {
    const same = definition.namespace === namespace && definition.key === key;
    if (!same || definition.ownerType !== "CUSTOMER") continue;
    const usable =
      definition.capabilities.adminFilterable && Object.hasOwn(valueTypes, definition.type);
    return usable ? definition : null;
  }
  return null;
}

export function metafieldTypesOf(shop: SimShop): MetafieldTypes {
  return (namespace, key) => {
    const forms = shop.segmentForms;
    if (forms.metafields === "refused") return null;
    const definition = findDefinition(shop, namespace, key);
    const type = definition === null ? null : (valueTypes[definition.type] ?? null);
    if (type?.kind !== "date") return type;
    return { ...type, refused: segmentFormNames.filter((form) => forms[form] === "refused") };
  };
}

/** Parses a query for this shop: a metafield without a filterable definition is an unknown filter. */
export function readSegmentQuery(shop: SimShop, text: string): ParsedQuery {
  return parseSegmentQuery(text, metafieldTypesOf(shop));
}

/** The metafield's value; null where the customer has none. */
export function metafieldValue(
  customer: SimCustomer,
  { namespace, key }: { namespace: string; key: string },
): string | null {
  return customer.metafields.get(`${namespace}.${key}`)?.value ?? null;
}

/** The items of a list metafield, whose value is JSON. */
export function listItems(value: string | null): string[] {
  if (value === null) return [];
  const items: unknown = JSON.parse(value);
  return Array.isArray(items) ? items.map(String) : [];
}
