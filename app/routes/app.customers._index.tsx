import { defer, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { CustomersPage } from "#app/components/customers/CustomersPage.tsx";
import { useNames } from "#app/components/customers/useNames.ts";
import { WaitingPage } from "#app/components/shared/WaitingPage.tsx";
import { orFailureResponse } from "#app/http/failure.server.ts";
import { badRequest } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import {
  type CustomersAnswer,
  readCustomers,
  readPageNames,
} from "#app/scoring/views/customers.server.ts";
import type { NamesAnswer } from "#app/scoring/views/customers.ts";
import { parseQuery } from "#app/scoring/views/customers-query.ts";
import { withAccess } from "#app/shopify.server.ts";

/** The page is sent at once; the names are streamed when Shopify has answered. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const query = parseQuery(new URL(request.url).searchParams);
  if ("found" in query) throw badRequest(query.found, query.expected);
  // A search by words asks Shopify before there is a list.
  const answer = await orFailureResponse(withAccess(request, () => readCustomers(shop, query)));
  return defer({ answer, names: namesOf(request, shop, answer) });
}

async function namesOf(
  request: Request,
  shop: ShopDomain,
  answer: CustomersAnswer,
): Promise<NamesAnswer> {
  if (answer.kind !== "scored") return { kind: "names", names: {} };
  const ids = answer.list.rows.map(({ customerId }) => customerId);
  try {
    return await withAccess(request, () => readPageNames(shop, ids));
  } catch (error) {
    // The page has been sent, so that a redirect or refusal can only be reported beside the names.
    if (error instanceof Response) return { kind: "failed", code: "shopify-unauthorized" };
    if (error instanceof AppError) return { kind: "failed", code: error.code };
    throw error;
  }
}

export default function CustomersRoute() {
  const { answer, names } = useLoaderData<typeof loader>();
  const known = useNames(names);
  if (answer.kind !== "scored") return <WaitingPage of="customers" kind={answer.kind} />;
  return <CustomersPage view={answer.list} names={known} />;
}
