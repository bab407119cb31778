import { grantedWork, isAllowed, usedScopes } from "#app/shop/grants.ts";

import { type AppConfig, words } from "./app-config.ts";
import { type Finding, listed, ok, warn, wrong } from "./finding.ts";

const ALL_ORDERS = "read_all_orders";
const LIMITED =
  "without it Shopify shows the orders of the last 60 days: they are kept, and nothing is scored";

const without = (all: readonly string[], some: readonly string[]) =>
  all.filter((scope) => !some.includes(scope));

/** Whether the file requests exactly the scopes that the app uses, and the environment agrees. */
export function checkAskedScopes(config: AppConfig, environment: string | undefined): Finding[] {
  const asked = words(config.access_scopes?.scopes ?? "");
  const findings: Finding[] = [];
  const add = (finding: Finding) => findings.push(finding);
  const missing = without(usedScopes, asked);
  const vital = without(missing, [ALL_ORDERS]);
  if (vital.length > 0) {
    const todo = `put ${listed(vital)} into access_scopes.scopes, and shopify app deploy`;
    add(wrong(config.name, { found: `it does not ask for ${listed(vital)}`, todo }));
  }
  if (missing.includes(ALL_ORDERS)) {
    const todo = "request it (Dev Dashboard: API access requests), then add it";
    add(warn(config.name, { found: `it does not ask for ${ALL_ORDERS}: ${LIMITED}`, todo }));
  }
  const spare = without(asked, usedScopes);
  if (spare.length > 0) {
    const todo = "remove it: reviewers ask what each scope is for";
    add(warn(config.name, { found: `it asks for ${listed(spare)}, which nothing uses`, todo }));
  }
  if (config.access_scopes?.use_legacy_install_flow === true) {
    const todo = "remove it: with it Shopify does not grant the scopes at installation";
    add(wrong(config.name, { found: "use_legacy_install_flow is true", todo }));
  }
  const other = environment === undefined ? [] : differing(asked, words(environment));
  if (other.length > 0) {
    const todo = "Encore does not read SCOPES: unset it, or make it equal to the file";
    add(wrong("SCOPES", { found: `the file and SCOPES differ in ${listed(other)}`, todo }));
  }
  return findings.length > 0 ? findings : [ok("Scopes", `asked for: ${asked.join(", ")}`)];
}

function differing(one: readonly string[], other: readonly string[]): string[] {
  return [...without(one, other), ...without(other, one)];
}

/** Compares the granted scopes with those that the file requests. */
export function checkGrantedScopes(granted: readonly string[], asked: readonly string[]) {
  const has = (scope: string) =>
    granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_"));
  const missing = asked.filter((scope) => !has(scope));
  if (missing.length === 0) return [ok("Scopes granted", granted.join(", "))];
  const stopped = grantedWork.filter((work) => !isAllowed(work, granted));
  const stops = stopped.length === 0 ? "" : ` (${listed(stopped)} cannot be done)`;
  const vital = without(missing, [ALL_ORDERS]);
  const findings: Finding[] = [];
  if (vital.length > 0) {
    const found = `not granted: ${listed(vital)}${stops}`;
    const todo = "shopify app deploy, then open the app in the admin, where Shopify asks for them";
    findings.push(wrong("Scopes granted", { found, todo }));
  }
  if (missing.includes(ALL_ORDERS)) {
    const todo = "Dev Dashboard: API access requests; when it is granted, deploy and open the app";
    findings.push(warn("Scopes granted", { found: `no ${ALL_ORDERS}: ${LIMITED}`, todo }));
  }
  return findings;
}
