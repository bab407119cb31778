import type { ActionFunctionArgs } from "@remix-run/node";

import { askThroughInbox } from "#app/jobs/inbox.server.ts";
import { isOrderTopic, readNotice, type OrderNotice } from "#app/orders/notice.ts";
import { verifyWebhook, type Webhook } from "#app/shopify/webhooks.server.ts";

// Declared in /shopify.app.toml: orders/create, orders/updated, orders/paid, orders/cancelled,
// orders/edited, orders/delete and refunds/create.
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const verification = await verifyWebhook(request);
  if (verification.kind === "refused") return new Response(null, { status: verification.status });
  const { webhook } = verification;
  const notice = noticeOf(webhook);
  if (notice === null) return new Response(null, { status: 400 });
  const { orderId, updatedAt } = notice;
  await askThroughInbox("orders.follow", { ...webhook, resourceId: orderId, updatedAt });
  return new Response();
}

function noticeOf({ topic, body }: Webhook): OrderNotice | null {
  if (!isOrderTopic(topic)) return null;
  try {
    return readNotice(topic, body);
  } catch {
    return null;
  }
}
