import type { ActionFunctionArgs } from "@remix-run/node";

import { askThroughInbox } from "#app/jobs/inbox.server.ts";
import { isShopTopic } from "#app/orders/notice.ts";
import { verifyWebhook } from "#app/shopify/webhooks.server.ts";

// Declared in /shopify.app.toml: shop/update and app/scopes_update. What is new, Shopify is asked.
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const verification = await verifyWebhook(request);
  if (verification.kind === "refused") return new Response(null, { status: verification.status });
  const { webhook } = verification;
  if (!isShopTopic(webhook.topic)) return new Response(null, { status: 400 });
  await askThroughInbox("shop.follow", { ...webhook, resourceId: null, updatedAt: null });
  return new Response();
}
