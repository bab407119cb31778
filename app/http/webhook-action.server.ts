import {
  refused,
  verifyWebhook,
  type Webhook,
} from "#app/shopify/incoming/verify-webhook.server.ts";

type Handling<Topic extends string, Content> = {
  /** The topics that the route serves, as shopify.app.toml declares them. */
  topics: readonly Topic[];
  /** What is kept of a body. It throws when the body is not one of that topic. */
  read: (topic: Topic, body: unknown) => Content;
  /** Keeps it: when this returns, Shopify is told that it has arrived. */
  keep: (webhook: Webhook<Topic>, content: Content) => Promise<void>;
};

/** The action of a webhook's route: verify, read, keep, answer. */
export function webhookAction<Topic extends string, Content>({
  topics,
  read,
  keep,
}: Handling<Topic, Content>) {
  return async ({ request }: { request: Request }): Promise<Response> => {
    const verification = await verifyWebhook(request, topics);
    if (verification.kind === "refused") return verification.response;
    const { webhook } = verification;
    let content: Content;
    try {
      content = read(webhook.topic, webhook.body);
    } catch {
      return refused(`the body is not that of ${webhook.topic}`).response;
    }
    await keep(webhook, content);
    return new Response();
  };
}
