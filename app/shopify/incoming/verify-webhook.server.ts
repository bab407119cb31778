import { WebhookType } from "@shopify/shopify-api";

import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { api } from "#app/shopify/library.server.ts";

import { readBody, type WebhookBody } from "./webhook-body.ts";
import { headerProblem } from "./webhook-headers.ts";

/** A webhook with a valid signature. Its body must not be stored; only ids are read from it. */
export type Webhook<Topic extends string = string> = {
  shop: ShopDomain;
  topic: Topic;
  /** The same for repeated deliveries. */
  webhookId: string;
  /** ISO time; null without the header. */
  triggeredAt: string | null;
  body: WebhookBody;
};

export type Verification<Topic extends string> =
  | { kind: "verified"; webhook: Webhook<Topic> }
  /** 401 for a wrong signature; 400, with the reason, for anything else. */
  | { kind: "refused"; response: Response };

/**
 * Checks signature, topic, headers and body, without calling Shopify or the database.
 *
 * The signature covers the body alone: whoever has one signed body can choose the headers for shop,
 * topic, id and time. So the topic must be one that the route serves, a shop in the body must be
 * the header's, and the caller reads only fields that a body of that topic has. Id and time prove
 * nothing.
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
  const wrong = headerProblem({ domain: result.domain, webhookId, triggeredAt });
  if (wrong !== null) return refused(wrong);
  const shop = shopDomain(result.domain);
  const body = readBody(rawBody, shop);
  if (body.kind === "wrong") return refused(body.what);
  return { kind: "verified", webhook: { shop, topic, webhookId, triggeredAt, body: body.body } };
}

/** 400, with the reason; what was sent is not repeated. */
export function refused(what: string): { kind: "refused"; response: Response } {
  return { kind: "refused", response: new Response(what, { status: 400 }) };
}
