import { shopDomain, type ShopDomain } from "#app/ids.ts";

import { api } from "./api.server.ts";

/** A webhook that Shopify has signed. Its body is for reading ids out of, never for keeping. */
export type Webhook = {
  shop: ShopDomain;
  /** As Shopify writes it, for example `app/uninstalled`. */
  topic: string;
  /** The same for each repetition of one delivery. */
  webhookId: string;
  /** ISO time; null when Shopify did not say. */
  triggeredAt: string | null;
  body: unknown;
};

export type Verification =
  | { kind: "verified"; webhook: Webhook }
  /** 401 for a wrong signature, 400 for what is no webhook. */
  | { kind: "refused"; status: 400 | 401 };

/** Checks the signature over the raw body; asks neither Shopify nor the database. */
export async function verifyWebhook(request: Request): Promise<Verification> {
  const rawBody = await request.text();
  const result = await api.webhooks.validate({ rawBody, rawRequest: request });
  if (!result.valid) {
    const unsigned = result.reason === "invalid_hmac" || result.reason === "missing_hmac";
    return { kind: "refused", status: unsigned ? 401 : 400 };
  }
  try {
    return {
      kind: "verified",
      webhook: {
        shop: shopDomain(result.domain),
        topic: request.headers.get("x-shopify-topic") ?? result.topic,
        webhookId: result.webhookId,
        triggeredAt: result.triggeredAt ?? null,
        body: JSON.parse(rawBody, keepLargeNumbers),
      },
    };
  } catch {
    return { kind: "refused", status: 400 };
  }
}

/** Ids in webhooks are numbers that can exceed 2^53: those stay text. */
function keepLargeNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const unsafe =
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return unsafe ? (context?.source ?? value) : value;
}
