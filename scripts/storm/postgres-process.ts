// A PostgreSQL of one's own, in the directory and on the port given; it ends with this process.
import { startServer } from "../postgres/server.ts";

const [, , home = "", port = ""] = process.argv;
// What is committed survives a crash: the storm crashes it, and then nothing may be missing. That
// the machine itself loses its power is not rehearsed, so that the disk need not be waited for.
const settings = { synchronous_commit: "on", fsync: "off", full_page_writes: "off" };
const server = await startServer(home, Number(port), settings);
server.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
process.on("exit", () => server.kill("SIGQUIT"));
