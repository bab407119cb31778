import { askThroughInbox } from "#app/jobs/inbox.server.ts";
import { customerTopics, readCustomerNotice } from "#app/orders/notice.ts";
import { webhookAction } from "#app/webhook-action.server.ts";

// Declared in /shopify.app.toml: customers/delete and customers/merge.
export const action = webhookAction({
  topics: customerTopics,
  read: readCustomerNotice,
  keep: (webhook, { customerId: resourceId, into: relatedId }) =>
    askThroughInbox("orders.follow", { ...webhook, resourceId, relatedId, updatedAt: null }),
});
