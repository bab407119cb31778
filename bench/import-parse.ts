// What Node alone needs to read the lines of a file as JSON: the measure an import is held against.
import { createReadStream } from "node:fs";
import { LineSplitter } from "#app/shopify/line-splitter.ts";

const started = performance.now();
const splitter = new LineSplitter();
let lines = 0;
let characters = 0;
for await (const chunk of createReadStream(process.argv[2] ?? "", { highWaterMark: 1 << 16 })) {
  for (const line of splitter.push(chunk as Buffer)) {
    characters += (JSON.parse(line) as { id: string }).id.length;
    lines += 1;
  }
}
if (characters === 0) throw new Error("The file has no orders");
console.log(JSON.stringify({ lines, seconds: (performance.now() - started) / 1000 }));
