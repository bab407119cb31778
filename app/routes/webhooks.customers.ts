import type { ActionFunctionArgs } from "@remix-run/node";

import { askThroughInbox } from "#app/jobs/inbox.server.ts";
import { isCustomerTopic, readCustomerNotice, type CustomerNotice } from "#app/orders/notice.ts";
import { verifyWebhook, type Webhook } from "#app/shopify/webhooks.server.ts";

// Declared in /shopify.app.toml: customers/delete and customers/merge.
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const verification = await verifyWebhook(request);
  if (verification.kind === "refused") return new Response(null, { status: verification.status });
  const { webhook } = verification;
  const notice = noticeOf(webhook);
  if (notice === null) return new Response(null, { status: 400 });
  const { customerId: resourceId, into: relatedId } = notice;
  await askThroughInbox("orders.follow", { ...webhook, resourceId, relatedId, updatedAt: null });
  return new Response();
}

function noticeOf({ topic, body }: Webhook): CustomerNotice | null {
  if (!isCustomerTopic(topic)) return null;
  try {
    return readCustomerNotice(topic, body);
  } catch {
    return null;
  }
}
