// The whole product on this machine: PostgreSQL, a simulated Shopify with a shop of real orders, the
// app and its worker. Ends with a URL to open.
//   --shop giftware|cdnow|young|generated   which shop (giftware)
//   --customers N                           how many, for the shop `generated`
//   --ask                                   leave it to you to agree to writing
//   --check                                 no browser: compare Shopify with the scores, have the doctor
//                                           look at the set-up, print JSON, end
//   --production                            web and worker from an image that is made by the steps of
//                                           the Dockerfile, without what only development needs
import "#runtime/fit-node.mjs";

import path from "node:path";
import { parseArgs } from "node:util";

import { type Image, makeImage } from "./image/build.ts";
import { buildApp } from "./stack/build.ts";
import { compareWithShopify } from "./stack/check.ts";
import { askDoctor } from "./stack/doctor.ts";
import { figuresOf } from "./stack/figures.ts";
import { follow, Merchant } from "./stack/merchant.ts";
import { root } from "./stack/processes.ts";
import { type Stack, startStack } from "./stack/stack.ts";
import { Stopwatch, Telling } from "./stack/telling.ts";

const shops = {
  giftware: "a real UK gift shop of 2009–2010; names are invented, dates moved to now",
  cdnow: "the CDNOW cohort of 1997; names are invented, dates moved to now",
  young: "a shop too young to predict",
  generated: "a shop drawn from the engine's own model",
};
type ShopName = keyof typeof shops;

const { values } = parseArgs({
  options: {
    shop: { type: "string", default: "giftware" },
    customers: { type: "string" },
    check: { type: "boolean", default: false },
    ask: { type: "boolean", default: false },
    port: { type: "string" },
    production: { type: "boolean", default: false },
  },
});
const shop = Object.keys(shops).find((name): name is ShopName => name === values.shop);
if (!shop) {
  console.error(`--shop takes one of ${Object.keys(shops).join(", ")}; found "${values.shop}"`);
  process.exit(2);
}

const customers = values.customers === undefined ? undefined : Number(values.customers);
if (customers !== undefined && !(Number.isInteger(customers) && customers > 0)) {
  console.error(`--customers takes a whole number above zero; found "${values.customers ?? ""}"`);
  process.exit(2);
}

const telling = new Telling();
const watch = new Stopwatch(telling);
const count = (value: number) => value.toLocaleString("en-GB");

// Before all runs, a signal ends it at once, and what it started with it; afterwards in good order.
let end: () => void = () => process.exit(130);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end());

async function makeProductionImage(): Promise<Image> {
  return watch.phase("image", "Making the image …", () => {
    const image = makeImage(path.join(root, ".data", "image"), (step) => {
      telling.line(`  ${step.length > 100 ? `${step.slice(0, 99)}…` : step}`);
    });
    return Promise.resolve([image, "Made the image"]);
  });
}

async function start(name: ShopName): Promise<Stack> {
  const image = values.production ? await makeProductionImage() : undefined;
  await watch.phase("build", "Building the app …", () =>
    Promise.resolve([null, buildApp() ? "Built the app" : "The app is built already"]),
  );
  return watch.phase(
    "start",
    "Starting PostgreSQL, the simulated Shopify and the app …",
    async () => {
      const stack = await startStack({
        shop: name,
        database: `encore_demo_${name}`,
        directory: path.join(root, ".data", "logs", name),
        ...(customers === undefined ? {} : { customers }),
        ...(image === undefined ? {} : { image }),
        ...(values.check ? {} : { ports: { simulator: Number(values.port ?? 4567) } }),
      });
      const worker = stack.startWorker();
      void worker.lost.then(() => {
        // Nothing would go on, and whoever waits would not learn why.
        console.error(`\nThe worker ended by itself; what it said last is in ${worker.logFile}`);
        process.exit(1);
      });
      return [stack, "PostgreSQL, simulated Shopify, app and worker are running"];
    },
  );
}

async function importAndScore(stack: Stack, merchant: Merchant): Promise<void> {
  await watch.phase("install", "Opening the app as the merchant would …", async () => {
    await merchant.open();
    return [null, "Installed by token exchange"];
  });
  await watch.phase("import", "Importing orders …", async () => {
    const { done } = await follow(merchant, "import", (step) => {
      telling.step(
        `Importing orders … ${count(step.done)}${step.total ? ` of ${count(step.total)}` : ""}`,
      );
    });
    return [null, `Imported ${count(done)} orders`];
  });
  await watch.phase("score", "Scoring customers …", async () => {
    await follow(merchant, "score", (step) => {
      telling.step(`Scoring customers … ${step.done} of ${step.total ?? "?"} weeks`);
    });
    const { scored } = await figuresOf(stack);
    if (scored === 0) return [null, "Judged whether there is enough to go on"];
    return [
      null,
      `Scored ${count(scored)} customers, and the last 13 weeks as they were known then`,
    ];
  });
}

async function write(merchant: Merchant): Promise<void> {
  await watch.phase("write", "Writing tags and metafields …", async () => {
    await merchant.agreeToWriting();
    const { done } = await follow(merchant, "write", (step) => {
      telling.step(`Writing … ${count(step.done)}${step.total ? ` of ${count(step.total)}` : ""}`);
    });
    return [null, `Written to Shopify in ${count(done)} mutations`];
  });
}

function whatToTry(refused: boolean): string {
  if (refused) return "open the app: it says what is missing, and when it should be there";
  const change = "place an order on a customer's page, or let a week pass: the tags follow";
  return values.ask ? `press “Start writing tags and metafields”; then ${change}` : change;
}

async function run(name: ShopName): Promise<number> {
  telling.line(`Encore · shop “${name}”: ${shops[name]}\n`);
  const stack = await start(name);
  const merchant = new Merchant(stack);
  try {
    await importAndScore(stack, merchant);
    const figures = await figuresOf(stack);
    if (figures.refused.length > 0) {
      telling.line(
        `  Not enough to go on yet (${figures.refused.join(", ")}): nothing is written.`,
      );
    } else if (!values.ask) {
      telling.line(
        "  The app waits for the merchant's agreement before it writes; the demo now presses",
      );
      telling.line("  the same button (npm run demo -- --ask leaves that to you).");
      await write(merchant);
    }
    if (values.check) {
      const { customers, tagsWritten, mismatches, examples } = await watch.phase(
        "check",
        "Comparing every customer in Shopify with the scores …",
        async () => {
          const compared = await compareWithShopify(stack);
          return [compared, `Compared ${count(compared.customers)} customers`];
        },
      );
      examples.forEach((example) => telling.line(`  ✗ ${example}`));
      const doctor = askDoctor(stack);
      if (!doctor.well) telling.line(doctor.text);
      const checked = { customers, tagsWritten, mismatches, doctor: doctor.well };
      telling.line(JSON.stringify({ shop: name, ...figures, ...checked, seconds: watch.seconds }));
      return mismatches === 0 && doctor.well ? 0 : 1;
    }
    telling.line(`\nOpen  ${stack.simulatorUrl}/store/${name}/apps/encore`);
    telling.line(`Try   ${whatToTry(figures.refused.length > 0)}`);
    telling.line(`Logs  ${path.relative(root, path.join(root, ".data", "logs", name))}`);
    telling.line("Press Ctrl+C to end.");
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    return 0;
  } finally {
    await stack.stop();
  }
}

run(shop).then(
  (code) => process.exit(code),
  (error: unknown) => {
    telling.line();
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
