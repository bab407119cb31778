import type { LoaderFunctionArgs } from "@remix-run/node";

import { notFound } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { readRunFile } from "#app/scoring/store/run-file.server.ts";

/** The newest run as a file, for the page's download. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const run = await readRunFile(shop);
  if (run === null) throw notFound();
  return run;
}
