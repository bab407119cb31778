import { z } from "zod";

import type { ShopDomain } from "#app/lib/ids.ts";

export type WebhookBody = Record<string, unknown>;

export type ReadBody = { kind: "body"; body: WebhookBody } | { kind: "wrong"; what: string };

const object = z.record(z.string(), z.unknown());

/** Under which a body names the shop that it is about. `domain` may be the merchant's own. */
const NAMES = ["shop_domain", "myshopify_domain", "domain"] as const;
const PERMANENT = /\.myshopify\.com$/i;

/** The body of a webhook, which must be an object and name no other shop than its header does. */
export function readBody(raw: string, shop: ShopDomain): ReadBody {
  const parsed = object.safeParse(parseJson(raw));
  if (!parsed.success) return { kind: "wrong", what: "the body is not a JSON object" };
  const body = parsed.data;
  for (const name of NAMES) {
    const value = body[name];
    if (typeof value !== "string" || (name === "domain" && !PERMANENT.test(value))) continue;
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

/** Ids in webhooks are numbers that can exceed 2^53: those stay text. */
function keepLargeNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const unsafe =
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return unsafe ? (context?.source ?? value) : value;
}
