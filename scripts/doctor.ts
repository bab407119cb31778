// Checks an installation of Encore: environment, configuration file, addresses, database, keys, and with
// --shop the store. It changes nothing. See USAGE.
import "#runtime/fit-node.mjs";

import path from "node:path";
import { parseArgs } from "node:util";

import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";

import { diagnose } from "./doctor/diagnose.ts";
import { type Finding, formatFinding } from "./doctor/finding.ts";

const USAGE = `usage: npm run doctor -- [--config NAME|FILE] [--shop name.myshopify.com]

Run it with the environment of web and worker, on a machine where they run.

  --config  the app's configuration: a file, or NAME for shopify.app.NAME.toml
            (default: shopify.app.toml)
  --shop    checks that store too: client secret, clock, installation, token, granted
            scopes, orders, webhooks

It changes nothing. Each line says what was found, and what to do:
  ✓  fine
  !  a warning, or cannot be checked yet
  ✗  has to be fixed

The exit code is 0 without ✗, 1 with one, and 2 for invalid arguments.`;

type Wish = { config: string; shop: ShopDomain | undefined };

function readArguments(): Wish {
  const options = {
    config: { type: "string", default: "shopify.app.toml" },
    shop: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const shop = values.shop === undefined ? undefined : shopDomain(values.shop);
    return { config: values.config, shop };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return process.exit(2);
  }
}

function verdict(count: Record<Finding["mark"], number>, { shop }: Wish): string {
  const { warn, wrong } = count;
  const store = shop === undefined ? " The store was not checked: use --shop." : "";
  if (wrong > 0) return `${wrong} to fix, ${warn} warnings.${store}`;
  return warn > 0 ? `Nothing to fix; ${warn} warnings.${store}` : `All is well.${store}`;
}

const wish = readArguments();
const root = path.resolve(import.meta.dirname, "..");
const count = { ok: 0, warn: 0, wrong: 0 };
for await (const finding of diagnose({ source: process.env, root, ...wish })) {
  count[finding.mark] += 1;
  console.log(formatFinding(finding));
}
console.log(`\n${verdict(count, wish)}`);
process.exitCode = count.wrong > 0 ? 1 : 0;
