import { json, type LoaderFunctionArgs } from "@remix-run/node";

import { badRequest } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { readWhatIf } from "#app/scoring/views/tier-settings.server.ts";
import { optionsOf, parseTierChoice } from "#app/scoring/views/tier-settings.ts";

/** What other tiers would change; asked for while the merchant tries them. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { searchParams } = new URL(request.url);
  const choice = parseTierChoice((field) => searchParams.get(field) ?? "");
  if (choice === null) throw badRequest(searchParams.toString(), "tiers within their limits");
  return json({ whatIf: await readWhatIf(shop, optionsOf(choice)) });
}
