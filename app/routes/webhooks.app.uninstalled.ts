import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import { readRequest } from "#app/privacy/request-body.ts";
import { webhookAction } from "#app/http/webhook-action.server.ts";

// Declared in /shopify.app.toml. Whether it is so, Shopify is asked.
export const action = webhookAction({
  topics: ["app/uninstalled"],
  read: readRequest,
  keep: (webhook, resourceId) =>
    enqueueThroughInbox("shop.departure", { ...webhook, resourceId, updatedAt: null }),
});
