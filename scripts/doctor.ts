// Whether everything is set up for Encore to run: environment, configuration file, addresses, database,
// keys, and with --shop the store. It reads, and changes nothing. See USAGE.
import "#runtime/fit-node.mjs";

import path from "node:path";
import { parseArgs } from "node:util";

import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";

import { diagnose } from "./doctor/diagnose.ts";
import { type Finding, told } from "./doctor/finding.ts";

const USAGE = `usage: npm run doctor -- [--config NAME|FILE] [--shop name.myshopify.com]

Run it with the environment that web and worker have, on a machine of theirs.

  --config  which configuration of the app: a file, or NAME for shopify.app.NAME.toml
            (shopify.app.toml)
  --shop    looks into that store too: client secret, clock, installation, token, scopes
            granted, orders, webhooks

It reads, and changes nothing. Each line says what was found, and what to do:
  ✓  is well
  !  does not stop anything, or cannot be known yet
  ✗  does not go on like this

It ends with 0 when no line is ✗, with 1 when one is, and with 2 when it was not understood.`;

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
  const store = shop === undefined ? " The store was not looked at: --shop." : "";
  if (wrong > 0) return `${wrong} to mend, ${warn} to know of.${store}`;
  return warn > 0 ? `All goes on; ${warn} to know of.${store}` : `All is well.${store}`;
}

const wish = readArguments();
const root = path.resolve(import.meta.dirname, "..");
const count = { ok: 0, warn: 0, wrong: 0 };
for await (const finding of diagnose({ source: process.env, root, ...wish })) {
  count[finding.mark] += 1;
  console.log(told(finding));
}
console.log(`\n${verdict(count, wish)}`);
process.exitCode = count.wrong > 0 ? 1 : 0;
