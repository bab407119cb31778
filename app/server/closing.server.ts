import type { Server, ServerResponse } from "node:http";

/**
 * Prepares a graceful shutdown: the server accepts no more connections, finishes open requests, and
 * closes keep-alive connections after their response.
 *
 * @returns a function that closes the server; it resolves when all requests are answered, or after
 * `withinMs`, when the remaining connections are destroyed
 */
export function gracefulClose(server: Server): (withinMs: number) => Promise<void> {
  const open = new Set<ServerResponse>();
  let ending = false;
  server.prependListener("request", (_request, response: ServerResponse) => {
    open.add(response);
    if (ending) response.shouldKeepAlive = false;
    response.once("close", () => {
      open.delete(response);
      if (ending) setImmediate(() => server.closeIdleConnections());
    });
  });
  return async (withinMs) => {
    ending = true;
    for (const response of open) if (!response.headersSent) response.shouldKeepAlive = false;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const cutOff = setTimeout(() => server.closeAllConnections(), withinMs);
    await closed;
    clearTimeout(cutOff);
  };
}
