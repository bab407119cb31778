import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

import { ReportPage } from "#app/components/privacy/ReportPage.tsx";
import { badRequest, isShortText, notFound, readForm } from "#app/http/form.server.ts";
import { requireShop } from "#app/http/require-shop.server.ts";
import { handOver, readReport } from "#app/privacy/reports/reports.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const view = await readReport(shop, requestOf(params));
  if (view === null) throw notFound();
  return { view };
}

/** Records that the merchant handed the report over. */
export async function action({ request, params }: ActionFunctionArgs) {
  const shop = await requireShop(request);
  const id = requestOf(params);
  const intent = (await readForm(request)).get("intent");
  if (intent !== "handed-over") throw badRequest(intent, "handed-over");
  if (!(await handOver(shop, id))) throw notFound();
  return { done: true };
}

export default function ReportRoute() {
  const { view } = useLoaderData<typeof loader>();
  return <ReportPage view={view} />;
}

function requestOf({ id = "" }: LoaderFunctionArgs["params"]): string {
  if (!isShortText(id)) throw badRequest(id, "the id of a customer's request");
  return id;
}
