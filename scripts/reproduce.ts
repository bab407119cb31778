// For operators: reproduces a scoring run from its stored data, and compares the results bit for bit.
//   --shop X            the newest run of a shop
//   --shop X --run ID   one run, by its id in `scoring_runs`
import "#runtime/fit-node.mjs";

import { parseArgs } from "node:util";

import { closeDatabase } from "#app/lib/db.server.ts";
import { runId, shopDomain } from "#app/lib/ids.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";

import { reproduceRun } from "./reproduce/read-run.ts";

const USAGE = "usage: npm run reproduce -- --shop name.myshopify.com [--run id]";

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    const options = { shop: { type: "string" }, run: { type: "string" } } as const;
    const { values } = parseArgs({ options });
    if (values.shop === undefined) return fail("expected --shop");
    return { shop: shopDomain(values.shop), run: values.run };
  } catch (error) {
    return fail(error instanceof Error ? error.message : "These arguments were not understood");
  }
}

const { shop, run } = readArguments();
try {
  const id = run ?? (await readLatestRun(shop))?.id;
  const found = id === undefined ? null : await reproduceRun(shop, runId(id));
  if (found === null) {
    console.error(`${shop} has no ${run === undefined ? "run" : `run ${run}`}`);
    process.exitCode = 1;
  } else {
    console.log(JSON.stringify({ shop, run: id, ...found }));
    if (found.kind === "different") process.exitCode = 1;
  }
} finally {
  await closeDatabase();
}
