import type { LoaderFunctionArgs } from "@remix-run/node";

import { notFound } from "#app/http/form.server.ts";
import { allowOnlyAdmin, authenticate } from "#app/shopify.server.ts";

/**
 * The library's page that fetches a session token and returns; it is a thrown response. The
 * library's other paths are not served, since they belong to an installation flow that is not used.
 */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<null> {
  if (params["*"] !== "session-token") throw notFound();
  try {
    await authenticate.admin(request);
  } catch (thrown) {
    if (thrown instanceof Response) allowOnlyAdmin(thrown.headers);
    throw thrown;
  }
  return null;
}
