import { WebhookType } from "@shopify/shopify-api";

import { shopDomain, type ShopDomain } from "#app/lib/ids.ts";

import { api } from "#app/shopify/library.server.ts";
import { readBody, type WebhookBody } from "./webhook-body.ts";
import { whatIsWrong } from "./webhook-headers.ts";

/** A webhook that Shopify has signed. Its body is for reading ids out of, never for keeping. */
export type Webhook<Topic extends string = string> = {
  shop: ShopDomain;
  topic: Topic;
  /** The same for each repetition of one delivery. */
  webhookId: string;
  /** ISO time; null when Shopify did not say. */
  triggeredAt: string | null;
  body: WebhookBody;
};

export type Verification<Topic extends string> =
  | { kind: "verified"; webhook: Webhook<Topic> }
  /** 401 for a wrong signature, 400 with what is wrong for what is no webhook of these topics. */
  | { kind: "refused"; response: Response };

/**
 * Checks the signature over the raw body; asks neither Shopify nor the database.
 *
 * The signature covers the body alone: shop, topic, id and time are headers that whoever has one
 * signed body may write as they like. So the topic must be one that the route serves, a body that
 * names a shop must name the header's, and the caller reads of the body what only one of that topic
 * has. An id and a time save work and prove nothing.
 */
export async function verifyWebhook<Topic extends string>(
  request: Request,
  topics: readonly Topic[],
): Promise<Verification<Topic>> {
  const rawBody = await request.text();
  const result = await api.webhooks.validate({ rawBody, rawRequest: request });
  if (!result.valid) {
    const unsigned = result.reason === "invalid_hmac" || result.reason === "missing_hmac";
    if (unsigned) return { kind: "refused", response: new Response(null, { status: 401 }) };
    return refused("headers of Shopify's are missing");
  }
  if (result.webhookType !== WebhookType.Webhooks) return refused("it is no webhook");
  const header = request.headers.get("x-shopify-topic") ?? result.topic;
  const topic = topics.find((known) => known === header);
  if (topic === undefined) return refused(`the topic is none of ${topics.join(", ")}`);
  const { webhookId, triggeredAt = null } = result;
  const wrong = whatIsWrong({ domain: result.domain, webhookId, triggeredAt });
  if (wrong !== null) return refused(wrong);
  const shop = shopDomain(result.domain);
  const body = readBody(rawBody, shop);
  if (body.kind === "wrong") return refused(body.what);
  return { kind: "verified", webhook: { shop, topic, webhookId, triggeredAt, body: body.body } };
}

/** 400, with what was found wrong; what was sent is not repeated. */
export function refused(what: string): { kind: "refused"; response: Response } {
  return { kind: "refused", response: new Response(what, { status: 400 }) };
}
