import { log } from "./log.server.ts";

// Loaded first in server processes: routes everything they print through our log. Libraries print
// paths, rows and arguments, and Node prints uncaught errors with all their data.

const quiet = ["info", "log", "debug", "trace", "dir", "table", "group", "groupCollapsed"];

/** Logs where console was called instead of the text, which may contain anything. */
function loggedAs(level: "error" | "warn" | "debug") {
  return (...values: unknown[]): void => {
    const err = values.find((part) => part instanceof Error);
    const from = new Error().stack?.split("\n").slice(2, 8).join("\n");
    log[level]({ ...(err === undefined ? {} : { err }), from }, "a library wrote to the console");
  };
}

Object.assign(console, { error: loggedAs("error"), warn: loggedAs("warn") });
for (const method of quiet) Object.assign(console, { [method]: loggedAs("debug") });

// Node's own listener would print them.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  log.warn({ err: warning }, "Node warned");
});

// Both events, since for a rejection Node would make an error with the value in its message.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error, event }, "uncaught error");
    process.exit(1);
  });
}
