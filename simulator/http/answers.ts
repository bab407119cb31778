export function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** An HTML page, which parts of Shopify return to clients that do not accept JSON. */
export function errorPage(status: number, text: string): Response {
  const title = `${status} - ${text}`;
  return new Response(`<!DOCTYPE html><html><head><title>${title}</title></head></html>`, {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}

/** The JSON object in a request's body; undefined if it is none. */
export async function readJsonObject(
  request: Request,
): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = await request.json();
    return typeof body === "object" && body !== null
      ? (body as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
