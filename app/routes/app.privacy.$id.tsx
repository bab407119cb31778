import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ReportPage } from "#app/components/privacy/ReportPage.tsx";
import { badRequest, isShortText, readForm } from "#app/http/form.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { handOver, readReport } from "#app/privacy/reports/reports.server.ts";
import { authenticate } from "#app/shopify.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const view = await readReport(shopDomain(session.shop), requestOf(params));
  if (view === null) throw notFound();
  return { view };
}

/** The merchant says that the customer has been given their data. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const asked = requestOf(params);
  const intent = (await readForm(request)).get("intent");
  if (intent !== "handed-over") throw badRequest(intent, "handed-over");
  if (!(await handOver(shopDomain(session.shop), asked))) throw notFound();
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

function notFound(): Response {
  return new Response(null, { status: 404 });
}
