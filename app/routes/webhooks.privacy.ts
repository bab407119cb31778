import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";

import { askThroughInbox } from "#app/jobs/inbox.server.ts";
import { isPrivacyTopic } from "#app/privacy/topics.ts";
import { verifyWebhook, type Webhook } from "#app/shopify/webhooks.server.ts";

// The bodies also carry an e-mail address and a phone number, which are not even looked at.
const about = z.object({ customer: z.object({ id: z.coerce.string().regex(/^[0-9]{1,20}$/) }) });

// Declared in /shopify.app.toml: customers/data_request, customers/redact and shop/redact.
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const verification = await verifyWebhook(request);
  if (verification.kind === "refused") return new Response(null, { status: verification.status });
  const { webhook } = verification;
  const customer = customerOf(webhook);
  if (customer === undefined) return new Response(null, { status: 400 });
  await askThroughInbox("privacy.handle", { ...webhook, resourceId: customer, updatedAt: null });
  return new Response();
}

/** The number of the customer, null for a request about the shop; undefined when it is no request. */
function customerOf({ topic, body }: Webhook): string | null | undefined {
  if (!isPrivacyTopic(topic)) return undefined;
  if (topic === "shop/redact") return null;
  const parsed = about.safeParse(body);
  return parsed.success ? parsed.data.customer.id : undefined;
}
