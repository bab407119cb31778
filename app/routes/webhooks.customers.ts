import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import { customerTopics, readCustomerWebhook } from "#app/orders/webhooks/webhook-payload.ts";
import { webhookAction } from "#app/http/webhook-action.server.ts";

// Declared in /shopify.app.toml: customers/delete and customers/merge.
export const action = webhookAction({
  topics: customerTopics,
  read: readCustomerWebhook,
  keep: (webhook, { customerId: resourceId, into: relatedId }) =>
    enqueueThroughInbox("orders.follow", { ...webhook, resourceId, relatedId, updatedAt: null }),
});
