import { type Check, differs, MARKER, unless } from "../check.ts";
import { pour, send } from "../send.ts";
import { ask, form, open, type Stage } from "../stage.ts";

/** Far above the response time, even on a busy machine. */
const SLOW_MS = 1_000;
const METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
const WEBHOOKS = ["orders", "customers", "shop", "privacy", "app/uninstalled"].concat(
  "bulk_operations/finish",
);

/** Malformed or ambiguous requests (request smuggling). */
const NO_REQUESTS = {
  garbage: "\0\x01\x02 garbage\r\n\r\n",
  "no host": "GET /app HTTP/1.1\r\n\r\n",
  "two lengths":
    "POST /webhooks/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
  "a length and chunks":
    "POST /webhooks/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "a path elsewhere":
    "GET http://evil.example/app HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "headers of a megabyte": `GET /app HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(1_000_000)}\r\n\r\n`,
};

async function methods(stage: Stage): Promise<string[]> {
  const asked = WEBHOOKS.flatMap((route) => METHODS.map((method) => ({ route, method })));
  const found = await Promise.all(
    asked.map(async ({ route, method }) => {
      const sent = await send(stage.appUrl, `/webhooks/${route}`, { method });
      const what = `${method} /webhooks/${route}`;
      return [
        ...unless([405], what, sent),
        ...differs(`${what}, allowed`, sent.headers.allow, "POST"),
      ];
    }),
  );
  const pages = await Promise.all(
    ["PUT", "PATCH", "DELETE", "TRACE"].map(async (method) =>
      unless([405], `${method} /app`, await ask(stage.own, "/app", { method })),
    ),
  );
  return [...found.flat(), ...pages.flat()];
}

async function noRequests(stage: Stage): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(NO_REQUESTS).map(async ([what, bytes]) => {
      const { text } = await pour(stage.appUrl, [Buffer.from(bytes, "latin1")], 10_000);
      const status = Number(text.slice(9, 12));
      const answers = text.split("HTTP/1.1 ").length - 1;
      // If a connection is closed before everything was sent, the response may be lost.
      if (text === "" || (answers === 1 && (status === 400 || status === 431))) return [];
      return [`${what}: ${String(answers)} answers, the first ${String(status)}`];
    }),
  );
  return found.flat();
}

/** A library that handles headers in quadratic time needs a second for some hundreds. */
async function headers(stage: Stage): Promise<string[]> {
  const names = Array.from({ length: 500 }, (_, number) => [`x-shopify-${number}`, ""]);
  const many = Object.fromEntries(names);
  const sent = await Promise.all([
    send(stage.appUrl, "/webhooks/orders", { method: "POST", headers: many, body: "{}" }),
    ask(stage.own, "/app/progress", { headers: many }),
  ]);
  return sent.flatMap((one) => [
    ...unless([200, 400, 401, 431], "five hundred headers", one),
    ...(one.milliseconds > SLOW_MS ? [`five hundred headers took ${one.milliseconds} ms`] : []),
  ]);
}

async function files(stage: Stage): Promise<string[]> {
  const paths = [
    "/../package.json",
    "/assets/../../../package.json",
    "/assets/%2e%2e/%2e%2e/server",
  ];
  paths.push(
    "/%2e%2e%2f%2e%2e%2fetc/passwd",
    "/assets/..%5c..%5cserver/index.js",
    "/.env",
    "//etc/passwd",
  );
  const found = await Promise.all(
    paths.map(async (path) => {
      const sent = await send(stage.appUrl, path);
      const leaked = /"dependencies"|root:|DATABASE_URL/.test(sent.text);
      return [
        ...unless([400, 403, 404], path, sent),
        ...(leaked ? [`${path} was given away`] : []),
      ];
    }),
  );
  return found.flat();
}

async function sites(stage: Stage): Promise<string[]> {
  const agree = form({ intent: "agree" });
  const foreign = { ...agree, headers: { ...agree.headers, origin: "https://evil.example" } };
  const elsewhere = await open(stage.own, "/", {});
  const named = await send(stage.appUrl, "/?shop=x", { headers: { host: "evil.example" } });
  return [
    ...unless([403], "a form of another site", await ask(stage.own, "/app?index", foreign)),
    ...unless([302, 400], "the root", elsewhere),
    ...(JSON.stringify(named.headers).includes("evil")
      ? ["a redirect follows the host named"]
      : []),
  ];
}

async function unknown(stage: Stage): Promise<string[]> {
  const paths = ["/wp-login.php", `/${MARKER}`, "/webhooks/none", "/__manifest?p=/app&version=1"];
  const found = await Promise.all(
    paths.map(async (path) => unless([204, 404], path, await send(stage.appUrl, path))),
  );
  return found.flat();
}

export const requests: Check[] = [
  { holds: "webhooks accept only POST, pages only GET and POST", run: methods },
  {
    holds: "malformed and smuggled requests are refused and the connection is closed",
    run: noRequests,
  },
  { holds: "hundreds of headers do not cause delays", run: headers },
  { holds: "no files except the app's assets are served", run: files },
  {
    holds: "forms of other sites are refused, and forged hosts are not used in redirects",
    run: sites,
  },
  { holds: "unknown URLs are answered 404", run: unknown },
];
