import { complaintsAbout, type Env, variableNames } from "#app/lib/env-variables.ts";

import { type Finding, ok, warn, wrong } from "./finding.ts";

const ABOUT = "Environment";

type Source = Record<string, string | undefined>;

/** Every missing or invalid variable, by name. */
export function checkEnvironment(source: Source, right: Partial<Env>): Finding[] {
  const complaints = complaintsAbout(source).map(({ name, found, right: todo }) =>
    wrong(name, { found, todo }),
  );
  const given = variableNames.filter((name) => (source[name] ?? "") !== "");
  const all =
    complaints.length > 0
      ? []
      : [ok(ABOUT, `${given.length} variables are set, ${variableNames.length} are known`)];
  const simulated = right.SIMULATED_SHOPIFY_URL;
  if (simulated !== undefined) return [...all, ...complaints, ok("Shopify", at(simulated))];
  return [...all, ...complaints, ...credentialForms(right)];
}

const at = (url: string) => `a simulated one, at ${url}`;

/** Shopify's format of client ids and secrets: another value is probably something else. */
function credentialForms({ SHOPIFY_API_KEY: id, SHOPIFY_API_SECRET: secret }: Partial<Env>) {
  const findings: Finding[] = [];
  const todo = "copy it from the Dev Dashboard: the app, Settings";
  if (id !== undefined && !/^[0-9a-f]{32}$/.test(id)) {
    const found = `${JSON.stringify(id)} does not look like a client id (32 hexadecimal digits)`;
    findings.push(warn("SHOPIFY_API_KEY", { found, todo }));
  }
  if (secret !== undefined && !/^(shpss_)?[0-9a-f]{32}$/.test(secret)) {
    const found = "a value (not shown) that does not look like a client secret (shpss_…)";
    findings.push(warn("SHOPIFY_API_SECRET", { found, todo }));
  }
  return findings;
}
