/**
 * Sends what is meant for Shopify to a simulated Shopify instead, and says in a header for whom it
 * was meant. In a simulation nothing at all leaves for anywhere else.
 */
export function simulatedFetch(simulatedUrl: string, inner: typeof fetch): typeof fetch {
  const target = new URL(simulatedUrl);
  return (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.origin === target.origin) return inner(input, init);
    const headers = new Headers(request.headers);
    headers.set("x-simulated-host", url.host);
    url.protocol = target.protocol;
    url.host = target.host;
    return inner(url, {
      method: request.method,
      headers,
      body: request.body,
      // Not the request's own, which stops telling of an abort once the request is collected.
      signal: init?.signal ?? request.signal,
      redirect: request.redirect,
      ...(request.body === null ? {} : { duplex: "half" as const }),
    });
  };
}
