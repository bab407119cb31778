// A storm: many simulated days of orders in several shops with API errors, lost webhooks and killed processes;
// afterwards nothing may be missing or written twice. Reports the faults, and last the number of differences.
//   --days 30 --shops 5 --customers 1500 --events-per-day 30 --seconds-per-day 12 --seed 1
import "#runtime/fit-node.mjs";

import { buildApp } from "./stack/build.ts";
import { leaveApp } from "./storm/app.ts";
import { readStormOptions } from "./storm/options.ts";
import { setStage } from "./storm/stage.ts";
import { complaintsOf, runStorm } from "./storm/storm.ts";

const MOST_SHOWN = 20;

function line(title: string, counts: Record<string, number>): void {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  console.log(`${title} ${total}: ${parts.join(", ")}`);
}

async function main(): Promise<number> {
  const options = readStormOptions(process.argv.slice(2));
  const { directory, ...shown } = options;
  console.log(`A storm: ${JSON.stringify(shown)}; logs in ${directory}`);
  buildApp();
  const stage = await setStage(options);
  try {
    const report = await runStorm(stage, options);
    line("events", report.happened);
    line("faults", report.faults);
    line("kills", report.kills);
    line("ended by themselves", report.endedByThemselves);
    line("shops", report.judged);
    line("compared", report.compared);
    line("seconds", report.seconds);
    const complaints = complaintsOf(report);
    for (const complaint of complaints.slice(0, MOST_SHOWN)) console.log(`  ${complaint}`);
    console.log(`differences ${report.differences.length}`);
    return complaints.length === 0 ? 0 : 1;
  } finally {
    await leaveApp();
    await stage.stop();
  }
}

process.exit(await main());
