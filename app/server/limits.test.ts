import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, describe, expect, it, vi } from "vitest";

vi.mock("#app/lib/log.server.ts", () => ({ log: { debug: vi.fn() } }));
const { hangUp, limitedServer, limits, readBody } = await import("./limits.server.ts");

const LARGEST = 10_000;
const quick = {
  ...limits,
  headersTimeout: 200,
  requestTimeout: 300,
  answerTimeout: 500,
  connectionsCheckingInterval: 50,
};
let server: Server;
/** The bodies that the listener read; null for too large. */
let bodies: (Buffer | null)[] = [];

afterEach(() => {
  bodies = [];
  server.closeAllConnections();
  server.close();
});

async function listen(): Promise<{ host: string; port: number }> {
  server = limitedServer((asked, response) => {
    void readBody(asked, LARGEST).then(
      (body) => {
        bodies.push(body);
        if (body === null) hangUp(asked.socket, 413);
        else response.end(`read ${String(body.length)}`);
      },
      () => undefined,
    );
  }, quick);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { host: "127.0.0.1", port };
}

async function statusOf(sending: ClientRequest): Promise<number | undefined> {
  const [response] = (await once(sending, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

/** The response to raw bytes, and the time until the connection was closed. */
async function raw(bytes: string): Promise<{ text: string; milliseconds: number }> {
  const started = performance.now();
  const socket = connect(await listen());
  socket.write(bytes);
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.on("error", () => undefined);
  await once(socket, "close");
  return { text, milliseconds: performance.now() - started };
}

describe("the body of a request", () => {
  it("is read up to the limit, and not waited for when there is none", async () => {
    const to = await listen();
    const body = "x".repeat(LARGEST);
    const [answer] = (await once(request({ ...to, method: "POST" }).end(body), "response")) as [
      IncomingMessage,
    ];
    expect((await answer.toArray()).join("")).toBe(`read ${String(LARGEST)}`);
    expect(await statusOf(request(to).end())).toBe(200);
    expect(bodies.map((one) => one?.length)).toEqual([LARGEST, 0]);
  });

  it("is refused by its announced length before it arrives", async () => {
    const to = await listen();
    const headers = { "content-length": 200_000_000 };
    const sending = request({ ...to, method: "POST", headers });
    sending.flushHeaders();
    sending.on("error", () => undefined);
    expect(await statusOf(sending)).toBe(413);
  });

  it("is refused at the limit, and the rest is not read", async () => {
    const to = await listen();
    const sending = request({ ...to, method: "POST" });
    sending.on("error", () => undefined);
    const chunk = Buffer.alloc(65_536);
    let sent = 0;
    let stopped = false;
    const pour = () => {
      while (!stopped && sent < 200_000_000) {
        sent += chunk.length;
        if (!sending.write(chunk)) break;
      }
    };
    sending.on("drain", pour);
    pour();
    const status = await statusOf(sending);
    expect(status).toBe(413);
    expect(bodies).toEqual([null]);
    // Only the buffers of both ends are filled; a server that read on would have taken everything
    // by now.
    await sleep(200);
    stopped = true;
    expect(sent).toBeLessThan(20_000_000);
    if (!sending.closed) await new Promise((resolve) => sending.once("close", resolve));
  });

  it("is cut off when it does not arrive in time", async () => {
    const { text, milliseconds } = await raw(
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nx",
    );
    expect(text).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(milliseconds).toBeLessThan(2_000);
    expect(bodies).toEqual([]);
  });
});

it("closes the connection of a client that reads nothing", async () => {
  const closed = vi.fn();
  server = limitedServer((_, response) => {
    response.once("close", closed);
    // Exceeds the buffers of both ends.
    response.end(Buffer.alloc(50_000_000));
  }, quick);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: "127.0.0.1", port });
  client.on("error", () => undefined);
  client.pause();
  client.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  await vi.waitFor(() => {
    expect(closed).toHaveBeenCalled();
  }, 5_000);
  client.destroy();
});

describe("an invalid request", () => {
  it.each([
    ["garbage", "\0\0garbage\r\n\r\n", 400],
    ["headers that do not end", "GET / HTTP/1.1\r\nhost: a\r\nx: ", 408],
    ["headers that are too long", `GET / HTTP/1.1\r\nx: ${"x".repeat(20_000)}`, 431],
    ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
  ])("gets a status, and the connection is closed: %s", async (_, bytes, status) => {
    const { text, milliseconds } = await raw(bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
    expect(milliseconds).toBeLessThan(2_000);
  });

  it("gets a status on a reused connection too", async () => {
    const socket = connect(await listen());
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await vi.waitFor(() => {
      expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n.*read 0/s);
    });
    socket.write("garbage\r\n\r\n");
    await once(socket, "close");
    expect(text).toMatch(/read 0.*HTTP\/1.1 400 Bad Request/s);
  });

  it("is refused with hundreds of headers", async () => {
    const to = await listen();
    let seen = 0;
    server.on("request", (asked) => (seen = Object.keys(asked.headers).length));
    const headers = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`x${String(n)}`, ""]),
    );
    // Newer versions of Node refuse them, older ones drop the excess.
    expect([200, 431]).toContain(await statusOf(request({ ...to, headers }).end()));
    expect(seen).toBeLessThan(200);
  });

  it("has the protective headers like every response", async () => {
    const { text } = await raw("garbage\r\n\r\n");
    for (const name of ["Strict-Transport-Security", "X-Content-Type-Options: nosniff"]) {
      expect(text).toContain(name);
    }
    const response = (await once(request(await listen()).end(), "response")) as [IncomingMessage];
    expect(response[0].headers).toMatchObject({
      "strict-transport-security": expect.stringContaining("max-age="),
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin",
    });
    response[0].resume();
  });
});
