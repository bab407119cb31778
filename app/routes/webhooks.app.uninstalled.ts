import { webhookAction } from "#app/http/webhook-action.server.ts";
import { readRequest } from "#app/privacy/request-body.ts";
import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";

// Declared in /shopify.app.toml. The task checks with Shopify whether it is true.
export const action = webhookAction({
  topics: ["app/uninstalled"],
  read: readRequest,
  keep: (webhook, resourceId) =>
    enqueueThroughInbox("shop.departure", { ...webhook, resourceId, updatedAt: null }),
});
