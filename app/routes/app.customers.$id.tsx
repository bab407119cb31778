import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { parseTarget } from "#app/campaigns/target.ts";
import { CustomerPage } from "#app/components/CustomerPage.tsx";
import { orFailure } from "#app/failure.server.ts";
import { customerId, shopDomain } from "#app/ids.ts";
import { readCustomer } from "#app/scoring/customer.server.ts";
import { authenticate } from "#app/shopify.server.ts";

const NUMBER = /^[0-9]{1,20}$/;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const { id = "" } = params;
  if (!NUMBER.test(id)) throw notFound();
  const view = await orFailure(readCustomer(shopDomain(session.shop), customerId(id)));
  if (view === null) throw notFound();
  const [axis = "", tier = ""] = (new URL(request.url).searchParams.get("from") ?? "").split(":");
  return { view, from: parseTarget(axis, tier) };
}

export default function CustomerRoute() {
  const { view, from } = useLoaderData<typeof loader>();
  return <CustomerPage view={view} from={from} />;
}

function notFound(): Response {
  return new Response(null, { status: 404 });
}
