import type { Env } from "#app/lib/env-variables.ts";

import { type Finding, messageOf, ok, warn, wrong } from "./finding.ts";

const ABOUT = "Address";
const WITHIN_MS = 10_000;

/** Whether Shopify can reach SHOPIFY_APP_URL, and the app answers there. */
export async function checkAddress(env: Partial<Env>): Promise<Finding[]> {
  const { SHOPIFY_APP_URL: url, SIMULATED_SHOPIFY_URL: simulated } = env;
  if (url === undefined) return [];
  const findings = [await checkHealth(url)];
  if (simulated !== undefined) return findings;
  const { protocol, hostname, pathname } = new URL(url);
  if (protocol !== "https:") {
    const todo = "Shopify opens https URLs only: put TLS, or a tunnel, in front of the app";
    findings.push(wrong("SHOPIFY_APP_URL", { found: `"${url}"`, todo }));
  }
  if (pathname !== "/") {
    const todo = "the app needs its own address, without a path";
    findings.push(wrong("SHOPIFY_APP_URL", { found: `"${url}"`, todo }));
  }
  if (/^(localhost|127\.|10\.|192\.168\.|\[::1\])/.test(hostname)) {
    const todo = "Shopify's webhooks cannot reach it: use a public address, or a tunnel";
    findings.push(warn("SHOPIFY_APP_URL", { found: `"${url}" is of this machine alone`, todo }));
  }
  return findings;
}

async function checkHealth(url: string): Promise<Finding> {
  const health = `${url}/healthz`;
  try {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const response = await fetch(health, { signal, redirect: "manual" });
    const text = await response.text();
    if (response.status === 200 && text.trim() === "ok") {
      return ok(ABOUT, `${health} answers, from this machine`);
    }
    const todo = "start the app (npm start), and make sure that the address leads to it";
    return wrong(ABOUT, { found: `${health} answers ${response.status}, not as Encore`, todo });
  } catch (error) {
    const todo = "start the app (npm start); check DNS, TLS and the proxy or tunnel in front of it";
    return wrong(ABOUT, { found: `${health} does not answer: ${messageOf(error)}`, todo });
  }
}
