// For development: the demo's stack, with the app served from its sources and reloaded on changes. To restart
// the worker: npm run worker (its environment is printed).
//   --shop giftware|cdnow|young|generated
import "#runtime/fit-node.mjs";

import path from "node:path";
import { parseArgs } from "node:util";

import { root } from "./stack/processes.ts";
import { startStack } from "./stack/stack.ts";

let end: () => void = () => process.exit(130);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end());

const { values } = parseArgs({ options: { shop: { type: "string", default: "giftware" } } });
const stack = await startStack({
  shop: values.shop,
  database: "encore_dev",
  directory: path.join(root, ".data", "logs", "dev"),
  ports: { simulator: 4567, app: 3100 },
  web: "sources",
});
stack.startWorker();
console.log(`Open ${stack.simulatorUrl}/store/${stack.shop}/apps/encore`);
console.log(`Configuration ${path.relative(root, stack.appConfig)} (npm run doctor -- --config)`);
console.log("Logs .data/logs/dev; Ctrl+C ends everything. Environment of the processes:");
for (const [name, value] of Object.entries(stack.environment)) console.log(`  ${name}=${value}`);
end = () => void stack.stop().then(() => process.exit(0));
