import { randomBytes } from "node:crypto";

import { type Check, unless } from "../check.ts";
import { browser, type Forging, launch, sessionToken } from "../forge.ts";
import { send } from "../send.ts";
import { open, type Stage } from "../stage.ts";

const past = () => Math.floor(Date.now() / 1000) - 3600;

/** Tokens that an attacker without the client secret can create. */
function tampered(stage: Stage): Record<string, string> {
  const right = sessionToken(stage.own);
  const [header = "", , signature = ""] = right.split(".");
  const [, theirs = ""] = sessionToken(stage.victim).split(".");
  return {
    "another shop's claims": `${header}.${theirs}.${signature}`,
    "another secret": sessionToken(stage.victim, { secret: randomBytes(24).toString("hex") }),
    "no signature": sessionToken(stage.victim, { algorithm: "none" }),
    "another algorithm": sessionToken(stage.victim, { algorithm: "HS512" }),
    garbage: "a.b.c",
    nothing: "",
    NUL: "%00",
    "ten thousand letters": "x".repeat(10_000),
  };
}

/** Signed with the client secret, but not as Shopify does for this shop and app. */
function odd({ victim, own }: Stage): Record<string, string> {
  const dest = `https://${victim.domain}`;
  const claims: Record<string, Forging["claims"]> = {
    "without an end": { exp: undefined },
    "long over": { exp: past(), nbf: past() - 60, iat: past() - 60 },
    "not yet begun": { nbf: past() + 7200 },
    "for another app": { aud: "another" },
    "for no app": { aud: undefined },
    "made by another shop": { iss: `https://${own.domain}/admin` },
    "made by nobody": { iss: undefined },
    "for what is no shop": { dest: "https://evil.example", iss: "https://evil.example/admin" },
    "for no shop": { dest: undefined },
    "for an odd shop": { dest: `${dest}.evil.example`, iss: `${dest}.evil.example` },
  };
  return Object.fromEntries(
    Object.entries(claims).map(([what, claim]) => [what, sessionToken(victim, { claims: claim })]),
  );
}

async function refused(stage: Stage, tokens: Record<string, string>): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(tokens).map(async ([what, token]) => {
      const headers = { "user-agent": browser, authorization: `Bearer ${token}` };
      const data = await send(stage.appUrl, "/app/progress", { headers });
      const page = await open(stage.victim, "/app", { id_token: token });
      const shown = [data, page].some(({ text }) => text.includes('"progress"'));
      return [
        ...unless([302, 400, 401], `data with a token: ${what}`, data),
        ...unless([302, 400, 401], `a page with a token: ${what}`, page),
        ...(shown ? [`something of the shop is shown to a token: ${what}`] : []),
      ];
    }),
  );
  return found.flat();
}

async function policy(stage: Stage): Promise<string[]> {
  const shops = ["*", "evil.example", `${stage.own.domain}; script-src *`, "a b", "x\r\nx-evil: 1"];
  shops.push(`evil.example/.myshopify.com`, `${stage.own.domain}.evil.example`, "evil.shopify.com");
  const found = await Promise.all(
    shops.flatMap((shop) =>
      ["/app", "/auth/session-token", "/auth/exit-iframe", "/nothing"].map(async (path) => {
        const query = launch(stage.own, { shop, exitIframe: "https://evil.example" });
        const sent = await send(stage.appUrl, `${path}?${query}`, {
          headers: { "user-agent": browser },
        });
        const said = String(sent.headers["content-security-policy"] ?? "");
        const what = `${path}?shop=${JSON.stringify(shop)}`;
        const injected = /evil|script-src| \* |x-evil/.test(said + JSON.stringify(sent.headers));
        const open = sent.headers["content-type"]?.includes("html") && said === "";
        return [
          ...unless([200, 302, 400, 404], what, sent),
          ...(injected ? [`${what} wrote into the headers: ${said}`] : []),
          ...(open === true ? [`${what} may be framed by anybody`] : []),
        ];
      }),
    ),
  );
  return found.flat();
}

export const sessions: Check[] = [
  {
    holds: "tampered session tokens are refused",
    run: (stage) => refused(stage, tampered(stage)),
  },
  {
    holds: "signed tokens with wrong claims are refused",
    run: (stage) => refused(stage, odd(stage)),
  },
  { holds: "a URL cannot inject into a page's Content-Security-Policy", run: policy },
];
