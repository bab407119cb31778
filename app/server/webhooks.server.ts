import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

import type { ActionFunction, ServerBuild } from "@remix-run/node";

import { log } from "#app/lib/log.server.ts";

import { NOT_KEPT } from "./headers.ts";
import { hangUp, readBody } from "./limits.server.ts";
import { pathOf, webRequest } from "./web-request.ts";

const PREFIX = "/webhooks/";
/**
 * Most bytes of a body: over a hundred times what Shopify sends for the fields that we subscribe
 * to.
 */
const LARGEST = 1_000_000;

/**
 * The headers that the routes and Shopify's library read; others are dropped. The library's time is
 * quadratic in the number of headers: 500 took a second, and ten a third of a webhook's time.
 */
const HEADERS = [
  "x-shopify-api-version",
  "x-shopify-hmac-sha256",
  "x-shopify-shop-domain",
  "x-shopify-topic",
  "x-shopify-triggered-at",
  "x-shopify-webhook-id",
];

type Routes = ServerBuild["routes"];

export function isForWebhooks(request: IncomingMessage): boolean {
  return pathOf(request).startsWith(PREFIX);
}

/**
 * Answers webhooks without Remix: there may be hundreds per second, and they need only their
 * route's action.
 *
 * @param origin the app's own origin
 */
export function webhooks(routes: Routes, origin: string) {
  const actions = actionsOf(routes);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = pathOf(request);
    const action = actions.get(route);
    try {
      const body = await readBody(request, LARGEST);
      if (body === null) hangUp(request.socket, 413);
      else if (action === undefined) end(response, 404);
      else if (request.method !== "POST") end(response.setHeader("Allow", "POST"), 405);
      else {
        const asked = webRequest(
          { url: request.url, method: request.method, headers: neededHeaders(request) },
          { origin, body },
        );
        const answer = await action({ request: asked, params: {}, context: {} });
        if (!(answer instanceof Response))
          throw new TypeError("A webhook's route answered nothing");
        end(response, answer.status, await answer.text());
      }
    } catch (error) {
      // The client closed the connection.
      if (!request.complete) return;
      log.error({ err: error, route }, "a webhook could not be answered");
      end(response, 500);
    }
  };
}

/** The actions by path, as in shopify.app.toml. */
function actionsOf(routes: Routes): Map<string, ActionFunction> {
  return new Map(
    Object.values(routes).flatMap((route): [string, ActionFunction][] => {
      const path = `/${route?.path ?? ""}`;
      const action = route?.module.action;
      return action !== undefined && path.startsWith(PREFIX) ? [[path, action]] : [];
    }),
  );
}

function neededHeaders({ headers }: IncomingMessage): IncomingHttpHeaders {
  return Object.fromEntries(HEADERS.map((name) => [name, headers[name]]));
}

/** Shopify reads only the status; the text helps when testing by hand. */
function end(response: ServerResponse, status: number, text = ""): void {
  const headers = { "Cache-Control": NOT_KEPT, "Content-Length": Buffer.byteLength(text) };
  const type = text === "" ? {} : { "Content-Type": "text/plain; charset=utf-8" };
  response.writeHead(status, { ...headers, ...type }).end(text);
}
