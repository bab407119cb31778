// For those who run the app: shops that are leaving, and why shops were erased.
//   list                                    shops said to have left that Shopify does not confirm, and
//                                           shops in their days of grace
//   confirm-departure --shop X --because T  you have seen that the shop removed the app: its
//                                           installation ends, and the days of grace begin
//   erased --shop X                         whether the shop was erased, when, and why
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
       npm run shops -- confirm-departure --shop name.myshopify.com --because "what you have seen"
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
    return fail(error instanceof Error ? error.message : "These words were not understood");
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
  if (because === "") fail("confirm-departure needs --because: what you have seen is kept");
  const ended = await confirmDeparture(shop, because);
  if (!ended) {
    console.error(`${shop} has no installation: nothing was changed`);
    process.exitCode = 1;
    return;
  }
  console.log(
    `${shop}: the installation has ended; it is erased after three days, unless it is opened`,
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
else fail(`"${what}" is not what this does`);
await stopQueue();
await closeDatabase();
