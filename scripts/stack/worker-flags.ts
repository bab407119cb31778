import { readFileSync } from "node:fs";
import path from "node:path";

type Manifest = { scripts: { worker: string } };

const file = path.resolve(import.meta.dirname, "../../package.json");
const { scripts } = JSON.parse(readFileSync(file, "utf8")) as Manifest;

/**
 * Node's flags for a worker, as `npm run worker` has them: `tsx [FLAG]... FILE`. A heap that begins
 * large: the bytes of a download count as heap, and the collector would go over all of it a hundred
 * times while it reads a million orders.
 */
export const workerFlags = [...scripts.worker.split(" ").slice(1, -1), "--import", "tsx"];
