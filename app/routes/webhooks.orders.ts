import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import { orderTopics, readOrderWebhook } from "#app/orders/webhooks/webhook-payload.ts";
import { webhookAction } from "#app/http/webhook-action.server.ts";

// Declared in /shopify.app.toml: orders/create, orders/updated, orders/paid, orders/cancelled,
// orders/edited, orders/delete and refunds/create.
export const action = webhookAction({
  topics: orderTopics,
  read: readOrderWebhook,
  keep: (webhook, { orderId, updatedAt }) =>
    enqueueThroughInbox("orders.follow", { ...webhook, resourceId: orderId, updatedAt }),
});
