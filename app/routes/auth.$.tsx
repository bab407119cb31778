import type { LoaderFunctionArgs } from "@remix-run/node";

import { notFound } from "#app/http/form.server.ts";
import { allowOnlyAdmin, authenticate } from "#app/shopify.server.ts";

/**
 * The library's page that fetches a session token and comes back; it comes as a thrown response. Of its
 * others, which belong to a way of installing that is not used, none is answered.
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
