import type { Env } from "#app/lib/env-variables.ts";
import { API_VERSION } from "#app/shopify/api-version.ts";

import type { AppConfig } from "./app-config.ts";
import { type Finding, listed, ok, warn, wrong } from "./finding.ts";

/** Whether the file and the environment are of the same app, and the file can be deployed. */
export function checkIdentity(config: AppConfig, env: Partial<Env>): Finding[] {
  const findings = [
    ...clientId(config, env),
    ...applicationUrl(config, env),
    ...redirects(config),
    ...embedding(config),
    ...version(config),
  ];
  if (findings.length > 0) return findings;
  return [ok(config.name, `client_id, addresses and api_version ${API_VERSION} are filled in`)];
}

function clientId({ name, client_id: id }: AppConfig, { SHOPIFY_API_KEY: key }: Partial<Env>) {
  const todo = "copy the client id from the Dev Dashboard (the app, Settings) into the file";
  if (id.trim() === "") return [wrong(name, { found: "client_id is empty", todo })];
  if (key === undefined || id === key) return [];
  const found = `client_id is "${id}", SHOPIFY_API_KEY is "${key}": two apps`;
  const both = "take both from the same app; --config says which file is checked";
  return [wrong(name, { found, todo: both })];
}

function applicationUrl(config: AppConfig, env: Partial<Env>): Finding[] {
  const { name, application_url: text, build } = config;
  const { SHOPIFY_APP_URL: wanted } = env;
  const url = URL.parse(text);
  const found = `application_url is "${text}"`;
  if (url === null) {
    return [wrong(name, { found, todo: "put in the https address of the app" })];
  }
  // `shopify app dev` replaces the URL by that of its tunnel.
  if (build?.automatically_update_urls_on_dev === true && /\.example$/.test(url.hostname)) {
    return [];
  }
  if (/(^|\.)example(\.|$)/.test(url.hostname)) {
    const todo = "put in your own https address, and the same in redirect_urls";
    return [wrong(name, { found: `${found}, which is nobody's`, todo })];
  }
  if (url.protocol !== "https:" && env.SIMULATED_SHOPIFY_URL === undefined) {
    return [wrong(name, { found, todo: "Shopify opens https URLs only" })];
  }
  if (wanted === undefined || text.replace(/\/+$/, "") === wanted) return [];
  const other = { found: `${found}, SHOPIFY_APP_URL is "${wanted}"` };
  if (build?.automatically_update_urls_on_dev === true) {
    const todo = "right while shopify app dev runs; before a deploy set the permanent address";
    return [warn(name, { ...other, todo })];
  }
  const todo = "make them equal, and run shopify app deploy if the file has changed";
  return [wrong(name, { ...other, todo })];
}

function redirects({ name, auth, application_url: text }: AppConfig): Finding[] {
  const urls = auth?.redirect_urls ?? [];
  const origin = URL.parse(text)?.origin;
  const todo = `at least one, on application_url: "${origin ?? "https://…"}/auth/callback"`;
  if (urls.length === 0) return [wrong(name, { found: "redirect_urls is empty", todo })];
  const astray = urls.filter((url) => URL.parse(url)?.origin !== origin);
  if (astray.length === 0) return [];
  return [wrong(name, { found: `redirect_urls has ${listed(astray)}`, todo })];
}

function embedding({ name, embedded }: AppConfig): Finding[] {
  if (embedded === true) return [];
  const found = `embedded is ${String(embedded ?? "not set")}`;
  return [wrong(name, { found, todo: "embedded = true: the app lives inside the admin" })];
}

function version({ name, webhooks }: AppConfig): Finding[] {
  const found = webhooks?.api_version ?? "";
  if (found === API_VERSION) return [];
  const todo = `api_version = "${API_VERSION}", the app's version; then shopify app deploy`;
  return [wrong(name, { found: `webhooks.api_version is "${found}"`, todo })];
}
