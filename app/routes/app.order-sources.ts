import { json, type LoaderFunctionArgs } from "@remix-run/node";

import { requireShop } from "#app/http/require-shop.server.ts";
import { readOrderSources } from "#app/orders/store/order-sources.server.ts";

/** Tags and channels among the stored orders; asked for by the merchant. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  return json({ sources: await readOrderSources(shop) });
}
