import type { Server, ServerResponse } from "node:http";

/**
 * Lets a server end: it takes no connection any more, the open requests are answered, and a
 * connection that a client keeps alive is closed once its answer is out.
 *
 * @returns a function that resolves when all are answered, or after `withinMs`; what is still open
 * then is cut off
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
