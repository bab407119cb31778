import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { parseTarget } from "#app/campaigns/target.ts";
import { CustomerPage } from "#app/components/customer/CustomerPage.tsx";
import { UnscoredPage } from "#app/components/customer/UnscoredPage.tsx";
import { orFailureResponse } from "#app/http/failure.server.ts";
import { badRequest, readForm } from "#app/http/form.server.ts";
import { customerId, shopDomain, type CustomerId } from "#app/lib/ids.ts";
import { readCustomer } from "#app/scoring/views/customer.server.ts";
import { optOut, optIn } from "#app/scoring/exclusion/exclusion.server.ts";
import { authenticate, withAccess } from "#app/shopify.server.ts";

const NUMBER = /^[0-9]{1,20}$/;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const customer = customerOf(params);
  const answer = await orFailureResponse(
    withAccess(request, () => readCustomer(shopDomain(session.shop), customer)),
  );
  if (answer === null) throw notFound();
  const [axis = "", tier = ""] = (new URL(request.url).searchParams.get("from") ?? "").split(":");
  return { ...answer, from: parseTarget(axis, tier) };
}

/** Leaves the customer out of scoring, or takes that back. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const shop = shopDomain(session.shop);
  const customer = customerOf(params);
  const intent = (await readForm(request)).get("intent");
  if (intent !== "leave-out" && intent !== "score-again") {
    throw badRequest(intent, "leave-out or score-again");
  }
  // Neither is done to one who is no customer of this shop.
  const done = await (intent === "leave-out" ? optOut : optIn)(shop, customer);
  if (!done) throw notFound();
  return { done: intent };
}

export default function CustomerRoute() {
  const { from, ...answer } = useLoaderData<typeof loader>();
  return answer.kind === "scored" ? (
    <CustomerPage view={answer.view} from={from} />
  ) : (
    <UnscoredPage view={answer.view} from={from} />
  );
}

function customerOf({ id = "" }: LoaderFunctionArgs["params"]): CustomerId {
  if (!NUMBER.test(id)) throw badRequest(id, "the number of a customer, up to 20 digits");
  return customerId(id);
}

function notFound(): Response {
  return new Response(null, { status: 404 });
}
