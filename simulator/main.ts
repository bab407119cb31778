import "#runtime/fit-node.mjs";

import { createClock } from "#simulator/clock.ts";
import { demoShopNames, loadDemoShop } from "#simulator/demo/load.ts";
import { readOptions, type SimulatorOptions } from "#simulator/options.ts";
import { createRandom } from "#simulator/random.ts";
import { startSimulator } from "#simulator/server.ts";
import { openShop } from "#simulator/shops.ts";
import { createStore, type Store } from "#simulator/state.ts";

async function openShops(store: Store, options: SimulatorOptions): Promise<void> {
  for (const handle of options.shops) {
    const [, kind, number = "0"] = /^([a-z]+)(?:-([1-9]\d*))?$/.exec(handle) ?? [];
    const name = demoShopNames.find((known) => known === kind);
    if (name === undefined || (number !== "0" && name !== "generated"))
      throw new RangeError(`--shop ${handle}: one of ${demoShopNames.join(", ")}, generated-1, …`);
    const { seed, customers, plan } = options;
    const demo = {
      now: store.clock.now(),
      seed: seed + Number(number),
      branch: Number(number),
      ...(customers === undefined ? {} : { customers }),
    };
    const shop = openShop(store, handle, { data: await loadDemoShop(name, demo), plan });
    console.log(`${shop.domain}: ${shop.customers.size} customers, ${shop.orders.size} orders`);
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const store = createStore({
    app: options.app,
    clock: createClock({ start: options.start }),
    random: createRandom(options.seed),
    settings: { ...options, origin: `http://127.0.0.1:${options.port}` },
  });
  await openShops(store, options);
  const running = await startSimulator({
    store,
    port: options.port,
    appConfig: options.appConfig,
    reset: () => openShops(store, options),
  });
  console.log(`A simulated Shopify listens on ${running.origin}`);
  const stop = () => {
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
