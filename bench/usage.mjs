// Preloaded into a measured process: writes its resource usage to a file.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = {
    megabytes: (1024 * maxRSS) / 1e6,
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
  };
  if (process.env.USAGE_FILE) writeFileSync(process.env.USAGE_FILE, JSON.stringify(usage));
});
