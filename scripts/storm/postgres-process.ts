// A separate PostgreSQL in the given directory and on the given port, which ends with this process.
import { startServer } from "../postgres/server.ts";

const [, , home = "", port = ""] = process.argv;
// Committed data survive a crash of the server, which the storm tests. A power failure of the machine is not
// tested, so that fsync is not needed.
const settings = { synchronous_commit: "on", fsync: "off", full_page_writes: "off" };
const server = await startServer(home, Number(port), settings);
server.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
process.on("exit", () => server.kill("SIGQUIT"));
