import { log } from "./log.server.ts";

// For processes that run on a server, loaded before anything else: whatever they print goes through the
// rules of the log. Libraries print paths, rows and arguments, and Node prints an error that nobody
// caught with all that hangs on it.

const quiet = ["info", "log", "debug", "trace", "dir", "table", "group", "groupCollapsed"];

/** Where it was said is enough to find out what: the text may hold anything. */
function saying(level: "error" | "warn" | "debug") {
  return (...said: unknown[]): void => {
    const err = said.find((part) => part instanceof Error);
    const from = new Error().stack?.split("\n").slice(2, 8).join("\n");
    log[level]({ ...(err === undefined ? {} : { err }), from }, "a library wrote to the console");
  };
}

Object.assign(console, { error: saying("error"), warn: saying("warn") });
for (const method of quiet) Object.assign(console, { [method]: saying("debug") });

// Node's own listener prints them.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  log.warn({ err: warning }, "Node warned");
});

// Both, since Node makes an error of a rejection with the value in its message.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error, event }, "nobody caught an error");
    process.exit(1);
  });
}
