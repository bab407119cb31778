import { askThroughInbox } from "#app/jobs/inbox.server.ts";
import { orderTopics, readNotice } from "#app/orders/notice.ts";
import { webhookAction } from "#app/webhook-action.server.ts";

// Declared in /shopify.app.toml: orders/create, orders/updated, orders/paid, orders/cancelled,
// orders/edited, orders/delete and refunds/create.
export const action = webhookAction({
  topics: orderTopics,
  read: readNotice,
  keep: (webhook, { orderId, updatedAt }) =>
    askThroughInbox("orders.follow", { ...webhook, resourceId: orderId, updatedAt }),
});
