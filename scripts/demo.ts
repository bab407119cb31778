// The whole product on this machine: PostgreSQL, a simulated Shopify with a shop of real orders, the
// app and its worker. Prints a URL to open.
//   --shop giftware|cdnow|young|generated   which shop (giftware)
//   --customers N                           how many, for the shop `generated`
//   --ask                                   do not agree to writing: you do it in the app
//   --check                                 no browser: compare Shopify with the scores, run the doctor,
//                                           print JSON, exit
//   --production                            web and worker from an image built by the steps of the
//                                           Dockerfile, without development dependencies
import "#runtime/fit-node.mjs";

import path from "node:path";
import { parseArgs } from "node:util";

import { type Image, makeImage } from "./image/build.ts";
import { buildApp } from "./stack/build.ts";
import { compareWithShopify } from "./stack/check.ts";
import { askDoctor } from "./stack/doctor.ts";
import { figuresOf } from "./stack/figures.ts";
import { follow, Merchant } from "./stack/merchant.ts";
import { Output, Stopwatch } from "./stack/output.ts";
import { root } from "./stack/processes.ts";
import { type Stack, startStack } from "./stack/stack.ts";

const shops = {
  giftware: "a real UK gift shop of 2009–2010; names are invented, dates moved to now",
  cdnow: "the CDNOW cohort of 1997; names are invented, dates moved to now",
  young: "a shop too young to predict",
  generated: "a shop generated from the engine's model",
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

const output = new Output();
const watch = new Stopwatch(output);
const count = (value: number) => value.toLocaleString("en-GB");

// During start-up a signal ends it at once, with its child processes; afterwards it shuts down in order.
let end: () => void = () => process.exit(130);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end());

async function makeProductionImage(): Promise<Image> {
  return watch.phase("image", "Making the image …", () => {
    const image = makeImage(path.join(root, ".data", "image"), (step) => {
      output.line(`  ${step.length > 100 ? `${step.slice(0, 99)}…` : step}`);
    });
    return Promise.resolve([image, "Made the image"]);
  });
}

async function start(name: ShopName): Promise<Stack> {
  const image = values.production ? await makeProductionImage() : undefined;
  await watch.phase("build", "Building the app …", () =>
    Promise.resolve([null, buildApp() ? "Built the app" : "The app is up to date"]),
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
        // Otherwise the demo would wait without end.
        console.error(`\nThe worker ended unexpectedly; see ${worker.logFile}`);
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
      output.step(
        `Importing orders … ${count(step.done)}${step.total ? ` of ${count(step.total)}` : ""}`,
      );
    });
    return [null, `Imported ${count(done)} orders`];
  });
  await watch.phase("score", "Scoring customers …", async () => {
    await follow(merchant, "score", (step) => {
      output.step(`Scoring customers … ${step.done} of ${step.total ?? "?"} weeks`);
    });
    const { scored } = await figuresOf(stack);
    if (scored === 0) return [null, "Checked whether there are enough data"];
    return [
      null,
      `Scored ${count(scored)} customers, and the last 13 weeks with the orders known then`,
    ];
  });
}

async function write(merchant: Merchant): Promise<void> {
  await watch.phase("write", "Writing tags and metafields …", async () => {
    await merchant.agreeToWriting();
    const { done } = await follow(merchant, "write", (step) => {
      output.step(`Writing … ${count(step.done)}${step.total ? ` of ${count(step.total)}` : ""}`);
    });
    return [null, `Written to Shopify in ${count(done)} mutations`];
  });
}

function whatToTry(refused: boolean): string {
  if (refused) return "open the app: it says what is missing, and when to expect it";
  const change =
    "place an order on a customer's page, or advance the clock by a week, and watch the tags";
  return values.ask ? `press “Start writing tags and metafields”; then ${change}` : change;
}

async function run(name: ShopName): Promise<number> {
  output.line(`Encore · shop “${name}”: ${shops[name]}\n`);
  const stack = await start(name);
  const merchant = new Merchant(stack);
  try {
    await importAndScore(stack, merchant);
    const figures = await figuresOf(stack);
    if (figures.refused.length > 0) {
      output.line(`  Not enough data yet (${figures.refused.join(", ")}): nothing is written.`);
    } else if (!values.ask) {
      output.line(
        "  The app waits for the merchant's agreement before it writes; the demo now presses",
      );
      output.line("  the same button (npm run demo -- --ask leaves that to you).");
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
      examples.forEach((example) => output.line(`  ✗ ${example}`));
      const doctor = askDoctor(stack);
      if (!doctor.well) output.line(doctor.text);
      const checked = { customers, tagsWritten, mismatches, doctor: doctor.well };
      output.line(JSON.stringify({ shop: name, ...figures, ...checked, seconds: watch.seconds }));
      return mismatches === 0 && doctor.well ? 0 : 1;
    }
    output.line(`\nOpen  ${stack.simulatorUrl}/store/${name}/apps/encore`);
    output.line(`Try   ${whatToTry(figures.refused.length > 0)}`);
    output.line(`Logs  ${path.relative(root, path.join(root, ".data", "logs", name))}`);
    output.line("Press Ctrl+C to end.");
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
    output.line();
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
