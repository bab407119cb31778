// Time for Node to parse the lines of a file as JSON: the baseline for an import.
//   node --import tsx bench/import-parse.ts FILE splitter|readline
// With our own line splitter, which is faster than Node's and so the stricter baseline, or with Node's
// readline.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { LineSplitter } from "#app/lib/line-splitter.ts";

const [, , file = "", how] = process.argv;

async function* linesOf(): AsyncGenerator<Iterable<string>> {
  const splitter = new LineSplitter();
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 16 })) {
    yield splitter.push(chunk as Buffer);
  }
  yield splitter.end();
}

let lines = 0;
let characters = 0;
function parse(line: string): void {
  characters += (JSON.parse(line) as { id: string }).id.length;
  lines += 1;
}

const started = performance.now();
if (how === "readline") {
  for await (const line of createInterface({ input: createReadStream(file) })) parse(line);
} else {
  for await (const some of linesOf()) for (const line of some) parse(line);
}
if (characters === 0) throw new Error("The file has no orders");
console.log(JSON.stringify({ lines, seconds: (performance.now() - started) / 1000 }));
