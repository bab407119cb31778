import type { Check } from "../check.ts";
import { send, type Sent } from "../send.ts";
import { ask, form, open, type Stage } from "../stage.ts";

const NAMES = ["strict-transport-security", "x-content-type-options", "referrer-policy"];

async function answers({ own, appUrl }: Stage): Promise<Record<string, Sent>> {
  const settings = "/app/settings?_data=routes%2Fapp.settings";
  const home = await open(own);
  const [asset = "/"] = /\/assets\/[\w.-]+\.js/.exec(home.text) ?? [];
  return {
    home,
    "a page's data": await ask(own, settings),
    "an answer to a form": await ask(own, settings, form({})),
    progress: await ask(own, "/app/progress"),
    "the bounce page": await open(own, "/auth/session-token"),
    "no page": await open(own, "/nothing"),
    "a page without a session": await send(appUrl, "/app"),
    webhooks: await send(appUrl, "/webhooks/orders", { method: "POST", body: "{}" }),
    health: await send(appUrl, "/healthz"),
    readiness: await send(appUrl, "/readyz"),
    "a request that is none": await send(appUrl, `/${"x".repeat(40_000)}`),
    asset: await send(appUrl, asset),
  };
}

async function protective(stage: Stage): Promise<string[]> {
  return Object.entries(await answers(stage)).flatMap(([what, { headers }]) => {
    const missing = NAMES.filter((name) => headers[name] === undefined);
    const kept = headers["cache-control"] ?? "nothing";
    const right = what === "asset" ? /^public, max-age=\d+, immutable$/ : /^no-store$/;
    return [
      ...missing.map((name) => `${what} has no ${name}`),
      ...(right.test(kept) ? [] : [`${what} says of caches: ${kept}`]),
    ];
  });
}

export const headers: Check[] = [
  { holds: "every response has the security headers, and only assets are cached", run: protective },
];
