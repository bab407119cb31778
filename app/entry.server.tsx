import { PassThrough } from "node:stream";

import {
  type AppLoadContext,
  createReadableStreamFromReadable,
  type HandleDocumentRequestFunction,
  type HandleErrorFunction,
} from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";

import { keepClockInSync } from "#app/lib/clock.server.ts";
import { log } from "#app/lib/log.server.ts";
import { addDocumentResponseHeaders } from "#app/shopify.server.ts";

const ABORT_AFTER_MS = 5_000;

void keepClockInSync();

// The signature is Remix's.
// eslint-disable-next-line max-params
const handleRequest: HandleDocumentRequestFunction = (request, status, headers, context, load) => {
  addDocumentResponseHeaders(request, headers);
  const ready = isbot(request.headers.get("user-agent") ?? "") ? "onAllReady" : "onShellReady";
  return new Promise<Response>((resolve, reject) => {
    let statusCode = status;
    const { pipe, abort } = renderToPipeableStream(
      <RemixServer context={context} url={request.url} abortDelay={ABORT_AFTER_MS} />,
      {
        [ready]: () => {
          const body = new PassThrough();
          headers.set("Content-Type", "text/html");
          resolve(
            new Response(createReadableStreamFromReadable(body), { headers, status: statusCode }),
          );
          pipe(body);
        },
        onShellError: reject,
        onError: (error) => {
          statusCode = 500;
          log.error({ err: error, route: routeOf(load) }, "rendering failed");
        },
      },
    );
    setTimeout(abort, ABORT_AFTER_MS + 1_000).unref();
  });
};

/** Logs errors by our rules; Remix would print them with all their data. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted) return;
  const asked = { method: request.method, route: routeOf(context) };
  // A client error, logged without its text, which quotes the address.
  if (isRouteErrorResponse(error))
    log.info({ ...asked, status: error.status }, "refused a request");
  else log.error({ ...asked, err: error }, "a page failed");
};

/** The route pattern, passed on by our server; a path may contain anything. */
function routeOf(context: AppLoadContext | undefined): unknown {
  return context?.route;
}

export default handleRequest;
