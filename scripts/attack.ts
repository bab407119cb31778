// Attacks a running product on this machine, with a simulated Shopify and two shops, by everything that can
// be sent to it from outside. Reports each check, and exits with 1 when one fails.
import "#runtime/fit-node.mjs";

import { attack } from "./attack/run.ts";
import { buildApp } from "./stack/build.ts";

console.log(buildApp() ? "• Built the app" : "• The app is up to date");
const outcomes = await attack("encore_attack", ({ holds, complaints }) => {
  console.log(`${complaints.length === 0 ? "✓" : "✗"} ${holds}`);
  for (const complaint of complaints) console.log(`    ${complaint}`);
});
const held = outcomes.filter(({ complaints }) => complaints.length === 0).length;
console.log(`\n${held} of ${outcomes.length} held`);
process.exit(held === outcomes.length ? 0 : 1);
