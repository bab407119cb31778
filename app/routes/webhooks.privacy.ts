import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";

import { storeInInbox } from "#app/jobs/inbox.server.ts";
import { verifyWebhook } from "#app/shopify/webhooks.server.ts";

// The bodies also carry an e-mail address and a phone number, which are not even looked at.
const about = z.object({
  customer: z.object({ id: z.union([z.number(), z.string()]) }).optional(),
});

// Declared in /shopify.app.toml: customers/data_request, customers/redact and shop/redact.
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const verification = await verifyWebhook(request);
  if (verification.kind === "refused") return new Response(null, { status: verification.status });
  const { webhook } = verification;
  const body = about.safeParse(webhook.body);
  if (!body.success) return new Response(null, { status: 400 });
  const customer = body.data.customer?.id;
  await storeInInbox({ ...webhook, resourceId: customer === undefined ? null : String(customer) });
  return new Response();
}
