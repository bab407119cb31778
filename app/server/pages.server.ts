import type { IncomingMessage, ServerResponse } from "node:http";

import {
  createRequestHandler,
  type ServerBuild,
  writeReadableStreamToWritable,
} from "@remix-run/node";

import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";

import { NOT_KEPT } from "./headers.ts";
import type { Body } from "./limits.server.ts";
import { pathOf, webRequest } from "./web-request.ts";

type Pages = {
  /** The app's own origin. */
  origin: string;
  nameOf: (path: string) => string;
};

/** Answers requests through Remix. */
export function pages(build: ServerBuild, { origin, nameOf }: Pages) {
  const handle = createRequestHandler(build, env.NODE_ENV);
  return async (request: IncomingMessage, response: ServerResponse, body: Body): Promise<void> => {
    const route = nameOf(pathOf(request));
    try {
      const asked = webRequest(request, { origin, body, signal: endOf(response) });
      await send(await handle(asked, { route }), response);
    } catch (error) {
      log.error({ err: error, route }, "a page could not be answered");
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "Cache-Control": NOT_KEPT }).end();
    }
  };
}

/** A signal that aborts when the client is gone before the response was sent. */
function endOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  const { status, statusText, headers, body } = answer;
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", NOT_KEPT);
  response.statusCode = status;
  response.statusMessage = statusText;
  for (const [name, value] of headers) response.appendHeader(name, value);
  if (body === null) response.end();
  else await writeReadableStreamToWritable(body, response);
}
