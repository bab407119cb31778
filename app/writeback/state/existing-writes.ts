import type { TaggedCustomer } from "#app/shopify/resources/tagged-customers.ts";
import { metafieldKeys } from "#app/writeback/plan/metafields.ts";
import { ourTags } from "#app/writeback/plan/tags.ts";
import type { Write } from "#app/writeback/plan/writes.ts";

const DECIMAL = /^-?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** What was found, in the form of writes: one for each customer. */
export function existingWrites(page: readonly TaggedCustomer[]): Write[] {
  const writes = new Map<string, Write>();
  for (const found of page) {
    const write = writes.get(found.customerId) ?? { customerId: found.customerId };
    writes.set(found.customerId, write);
    if ("tags" in found) {
      write.add = ourTags(found.tags);
      continue;
    }
    const key = metafieldKeys.find((known) => known === found.key);
    if (key && plausible(key, found.value)) write.set = { ...write.set, [key]: found.value };
  }
  return [...writes.values()];
}

/**
 * Whether the value fits our type: a merchant's own metafield may have the same key and another
 * type.
 */
function plausible(key: (typeof metafieldKeys)[number], value: string): boolean {
  if (key === "expected_spend" || key === "buy_probability") return DECIMAL.test(value);
  if (key === "clv_tier" || key === "buy_tier") return value.length <= 255;
  return DATE.test(value);
}
