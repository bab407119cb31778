import { readFileSync } from "node:fs";
import path from "node:path";

type Manifest = { scripts: { worker: string } };

const file = path.resolve(import.meta.dirname, "../../package.json");
const { scripts } = JSON.parse(readFileSync(file, "utf8")) as Manifest;

/**
 * Node's flags for a worker, as in `npm run worker`: `tsx [FLAG]... FILE`. A large initial heap: the bytes of a
 * download count as heap, and the garbage collector would run a hundred times while a million orders are read.
 */
export const workerFlags = [...scripts.worker.split(" ").slice(1, -1), "--import", "tsx"];
