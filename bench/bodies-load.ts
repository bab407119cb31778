// Run by bodies.bench.ts in a separate process: clients that send large bodies concurrently and
// repeatedly for some seconds, to this machine only.
//   bodies-load.ts URL SECONDS CLIENTS MEGABYTES
import { flood, pour } from "../scripts/attack/send.ts";

const [url = "", seconds = "0", clients = "0", megabytes = "0"] = process.argv.slice(2);
const bytes = Number(megabytes) * 1e6;
const until = performance.now() + Number(seconds) * 1000;
const targets = ["/webhooks/orders", "/app?index"];
let bodies = 0;
let taken = 0;

async function client(number: number): Promise<void> {
  const chunked = number % 2 === 0;
  const framing = chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${bytes}`;
  const headers = `Host: encore\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`;
  const target = targets[number % targets.length] ?? "";
  while (performance.now() < until) {
    const head = `POST ${target} HTTP/1.1\r\n${headers}`;
    const poured = await pour(url, flood(head, bytes, chunked), Number(seconds) * 1000);
    bodies += 1;
    taken += poured.bytes;
  }
}

await Promise.all(Array.from({ length: Number(clients) }, (_, number) => client(number)));
process.stdout.write(JSON.stringify({ bodies, taken }));
