import { json, type LoaderFunctionArgs } from "@remix-run/node";

import { badRequest, isShortText } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { compareRules } from "#app/orders/purchases/purchase-days.server.ts";
import { orderRuleFields, parseOrderRules } from "#app/orders/store/order-rules.ts";

/** How many orders and customers other rules would leave out; asked for while these are tried. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { searchParams } = new URL(request.url);
  const [tags = "", channels = "", countZero = ""] = orderRuleFields.map(
    (name) => searchParams.get(name) ?? "",
  );
  const fits = [tags, channels].every(isShortText);
  const rules = fits ? parseOrderRules({ tags, channels, countZero }) : null;
  if (rules === null) throw badRequest(searchParams.toString(), "at most 20 names in each list");
  return json({ effect: await compareRules(shop, rules) });
}
