import { z } from "zod";

import type { ShopDomain } from "#app/lib/ids.ts";

export type WebhookBody = Record<string, unknown>;

export type ReadBody = { kind: "body"; body: WebhookBody } | { kind: "wrong"; what: string };

const object = z.record(z.string(), z.unknown());

/** Fields in which a body names its shop. `domain` may also be the merchant's own domain. */
const SHOP_FIELDS = ["shop_domain", "myshopify_domain", "domain"] as const;
const SHOPIFY_DOMAIN = /\.myshopify\.com$/i;

/**
 * Parses the body of a webhook, which must be an object and must not name another shop than the
 * header.
 */
export function readBody(raw: string, shop: ShopDomain): ReadBody {
  const parsed = object.safeParse(parseJson(raw));
  if (!parsed.success) return { kind: "wrong", what: "the body is not a JSON object" };
  const body = parsed.data;
  for (const name of SHOP_FIELDS) {
    const value = body[name];
    if (typeof value !== "string" || (name === "domain" && !SHOPIFY_DOMAIN.test(value))) continue;
    if (value.toLowerCase() !== shop) {
      return { kind: "wrong", what: `${name} in the body is not the header's shop` };
    }
  }
  return { kind: "body", body };
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw, keepLargeNumbers);
  } catch {
    return undefined;
  }
}

/** A JSON reviver: ids above 2^53 stay text, since a number would be rounded. */
function keepLargeNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const unsafe =
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return unsafe ? (context?.source ?? value) : value;
}
