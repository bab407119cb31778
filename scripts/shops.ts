// For operators: shops that are leaving, and why shops were erased.
//   list                                    shops with an unconfirmed uninstallation, and shops in their
//                                           grace period
//   confirm-departure --shop X --because T  you have checked that the shop uninstalled the app: ends its
//                                           installation and starts the grace period
//   erased --shop X                         whether, when and why the shop was erased
import "#runtime/fit-node.mjs";

import { parseArgs } from "node:util";

import { closeDatabase } from "#app/lib/db.server.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import {
  confirmDeparture,
  departures,
  erasuresOf,
} from "#app/privacy/departures/operator.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";

const USAGE = `usage: npm run shops -- list
       npm run shops -- confirm-departure --shop name.myshopify.com --because "your evidence"
       npm run shops -- erased --shop name.myshopify.com`;

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    const options = { shop: { type: "string" }, because: { type: "string" } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const shop = values.shop === undefined ? undefined : shopDomain(values.shop);
    return { what: positionals.join(" "), shop, because: values.because?.trim() ?? "" };
  } catch (error) {
    return fail(error instanceof Error ? error.message : "Invalid arguments");
  }
}

async function list(): Promise<void> {
  const found = await departures();
  for (const { shop, state, since } of found) {
    console.log(`${shop}  ${state}  since ${since.toISOString()}`);
  }
  console.log(`${found.length} leaving`);
}

async function confirm(shop: ShopDomain, because: string): Promise<void> {
  if (because === "") fail("confirm-departure needs --because: your evidence, which is recorded");
  const ended = await confirmDeparture(shop, because);
  if (!ended) {
    console.error(`${shop} has no installation: nothing was changed`);
    process.exitCode = 1;
    return;
  }
  console.log(
    `${shop}: the installation has ended; the shop is erased after three days, unless the app is opened`,
  );
}

async function erased(shop: ShopDomain): Promise<void> {
  const found = await erasuresOf(shop);
  for (const { beganAt, finishedAt, askedBy, evidence } of found) {
    const end = finishedAt === null ? "not finished" : `done ${finishedAt.toISOString()}`;
    const why = `asked by ${askedBy}, left on ${evidence ?? "no record"}`;
    console.log(`${shop}  began ${beganAt.toISOString()}, ${end}  ${why}`);
  }
  console.log(`${found.length} erasures`);
}

const { what, shop, because } = readArguments();
if (what === "list") await list();
else if (shop === undefined) fail(`"${what}" needs --shop`);
else if (what === "confirm-departure") await confirm(shop, because);
else if (what === "erased") await erased(shop);
else fail(`Unknown command "${what}"`);
await stopQueue();
await closeDatabase();
