import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import { readRequest, customerTopics } from "#app/privacy/request-body.ts";
import { webhookAction } from "#app/http/webhook-action.server.ts";

// Declared in /shopify.app.toml: customers/data_request, customers/redact and shop/redact.
export const action = webhookAction({
  topics: [...customerTopics, "shop/redact"],
  read: readRequest,
  keep: (webhook, resourceId) =>
    enqueueThroughInbox(webhook.topic === "shop/redact" ? "shop.departure" : "privacy.handle", {
      ...webhook,
      resourceId,
      updatedAt: null,
    }),
});
