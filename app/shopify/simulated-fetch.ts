/**
 * Sends every request to the simulated Shopify, with the intended host in a header. In a simulation
 * no request goes anywhere else.
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
      // The request's own signal would no longer report an abort once the request is
      // garbage-collected.
      signal: init?.signal ?? request.signal,
      redirect: request.redirect,
      ...(request.body === null ? {} : { duplex: "half" as const }),
    });
  };
}
