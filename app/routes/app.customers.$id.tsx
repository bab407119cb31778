import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { targetOfKey } from "#app/campaigns/target.ts";
import type { Origin } from "#app/components/customer/CustomerFrame.tsx";
import { CustomerPage } from "#app/components/customer/CustomerPage.tsx";
import { UnscoredPage } from "#app/components/customer/UnscoredPage.tsx";
import { orFailureResponse } from "#app/http/failure.server.ts";
import { badRequest, notFound, readForm } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { type CustomerId, customerId } from "#app/lib/ids.ts";
import { optIn, optOut } from "#app/scoring/exclusion/exclusion.server.ts";
import { readCustomer } from "#app/scoring/views/customer.server.ts";
import { listAddress, parseQuery, plainQuery } from "#app/scoring/views/customers-query.ts";
import { withAccess } from "#app/shopify.server.ts";

const NUMBER = /^[0-9]{1,20}$/;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const customer = customerOf(params);
  const answer = await orFailureResponse(withAccess(request, () => readCustomer(shop, customer)));
  if (answer === null) throw notFound();
  return { ...answer, from: originOf(new URL(request.url).searchParams) };
}

/** Only what is ours: nobody is to be led elsewhere by an address. */
function originOf(params: URLSearchParams): Origin | null {
  const from = params.get("from") ?? "";
  if (from !== "customers") return targetOfKey(from);
  const query = parseQuery(new URLSearchParams(params.get("list") ?? ""));
  return { list: listAddress("found" in query ? plainQuery("all") : query) };
}

/** Opts the customer out of scoring, or reverts that. */
export async function action({ request, params }: ActionFunctionArgs) {
  const shop = await requireShop(request);
  const customer = customerOf(params);
  const intent = (await readForm(request)).get("intent");
  if (intent !== "leave-out" && intent !== "score-again") {
    throw badRequest(intent, "leave-out or score-again");
  }
  // False for a customer whom this shop does not have.
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
