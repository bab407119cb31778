import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

import type { ActionFunction, ServerBuild } from "@remix-run/node";

import { log } from "#app/lib/log.server.ts";

import { NOT_KEPT } from "./headers.ts";
import { hangUp, readBody } from "./limits.server.ts";
import { pathOf, webRequest } from "./web-request.ts";

const PREFIX = "/webhooks/";
/** Bytes: more than a hundred times what Shopify sends of the fields we ask for. */
const LARGEST = 1_000_000;

/**
 * All that the routes read, and Shopify's library asks for. It goes through every header again for each
 * that is there: five hundred took it a second, and of ten it took a third of a webhook's time.
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
 * Answers webhooks ahead of the framework: there may be hundreds a second, and all they need is their
 * route's action.
 *
 * @param origin of the app's own address
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
          { url: request.url, method: request.method, headers: telling(request) },
          { origin, body },
        );
        const answer = await action({ request: asked, params: {}, context: {} });
        if (!(answer instanceof Response))
          throw new TypeError("A webhook's route answered nothing");
        end(response, answer.status, await answer.text());
      }
    } catch (error) {
      // The client has gone before all was read.
      if (!request.complete) return;
      log.error({ err: error, route }, "a webhook could not be answered");
      end(response, 500);
    }
  };
}

/** The actions by the path that Shopify is given in shopify.app.toml. */
function actionsOf(routes: Routes): Map<string, ActionFunction> {
  return new Map(
    Object.values(routes).flatMap((route): [string, ActionFunction][] => {
      const path = `/${route?.path ?? ""}`;
      const action = route?.module.action;
      return action !== undefined && path.startsWith(PREFIX) ? [[path, action]] : [];
    }),
  );
}

function telling({ headers }: IncomingMessage): IncomingHttpHeaders {
  return Object.fromEntries(HEADERS.map((name) => [name, headers[name]]));
}

/** Shopify reads the status and nothing else; who tries it by hand reads what is wrong. */
function end(response: ServerResponse, status: number, text = ""): void {
  const headers = { "Cache-Control": NOT_KEPT, "Content-Length": Buffer.byteLength(text) };
  const type = text === "" ? {} : { "Content-Type": "text/plain; charset=utf-8" };
  response.writeHead(status, { ...headers, ...type }).end(text);
}
