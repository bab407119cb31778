import { PassThrough } from "node:stream";

import {
  createReadableStreamFromReadable,
  type HandleDocumentRequestFunction,
} from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";

import { followTheTime } from "#app/clock.server.ts";
import { log } from "#app/log.server.ts";
import { addDocumentResponseHeaders } from "#app/shopify.server.ts";

const ABORT_AFTER_MS = 5_000;

void followTheTime();

// The signature is Remix's.
// eslint-disable-next-line max-params
const handleRequest: HandleDocumentRequestFunction = (request, status, headers, context) => {
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
          log.error({ err: error, path: new URL(request.url).pathname }, "rendering failed");
        },
      },
    );
    setTimeout(abort, ABORT_AFTER_MS + 1_000).unref();
  });
};

export default handleRequest;
