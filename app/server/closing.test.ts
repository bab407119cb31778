import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { gracefulClose } from "./closing.server.ts";

const agent = new Agent({ keepAlive: true });
let server: Server;

afterEach(() => {
  server.closeAllConnections();
});

/** A server that answers at once, and `/slow` when `finish` is called. */
async function listen() {
  const finishing = { answer: () => undefined as unknown };
  server = createServer((request, response) => {
    if (request.url === "/slow") finishing.answer = () => response.end("slow");
    else response.end("quick");
  });
  const close = gracefulClose(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) => ({ agent, port, host: "127.0.0.1", path });
  return { close, ask, finish: () => finishing.answer() };
}

async function text(options: object): Promise<string> {
  const [response] = (await once(get(options), "response")) as [IncomingMessage];
  return (await response.toArray()).join("");
}

describe("a server that is shut down", () => {
  it("answers the open request, and closes its connection afterwards", async () => {
    const { close, ask, finish } = await listen();
    const asked = get(ask("/slow"));
    await once(server, "request");
    const answered = once(asked, "response") as Promise<[IncomingMessage]>;
    // Long enough that only a closed connection lets the test end.
    server.keepAliveTimeout = 3_600_000;
    const closed = close(3_600_000);
    finish();
    const [response] = await answered;
    expect(response.headers.connection).toBe("close");
    expect((await response.toArray()).join("")).toBe("slow");
    await closed;
  });

  it("closes idle keep-alive connections, and accepts no more", async () => {
    const { close, ask } = await listen();
    server.keepAliveTimeout = 3_600_000;
    expect(await text(ask("/"))).toBe("quick");
    await close(3_600_000);
    await expect(text({ ...ask("/"), agent: false })).rejects.toThrow("ECONNREFUSED");
  });

  it("destroys a hanging request after the time limit", async () => {
    const { close, ask } = await listen();
    const asked = get(ask("/slow"));
    await once(server, "request");
    const cut = once(asked, "error");
    await close(10);
    expect(String(await cut)).toMatch(/hang up|ECONNRESET/);
  });
});
