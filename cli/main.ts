import "#runtime/fit-node.mjs";

import { runCommand } from "./run-command.ts";

/** A reader that closes the pipe early, such as `head`, is not a failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

process.exitCode = await runCommand(process.argv.slice(2), process);
