import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";

export type RunningSimulator = {
  url: string;
  /** Queries the simulated Admin API directly, without the app's code. */
  ask: (query: string, variables?: Record<string, unknown>) => Promise<unknown>;
  /** POST to the control plane. */
  control: (path: string, body: unknown) => Promise<unknown>;
  /** An offline token, as from an installation; it invalidates all earlier ones. */
  token: () => Promise<Token>;
  stop: () => Promise<void>;
};

export type Token = { access_token: string; refresh_token: string; expires_in: number };

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a simulated Shopify with one shop, as a separate process. */
export async function startSimulator(
  shop: string,
  flags: readonly string[] = [],
): Promise<RunningSimulator> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "simulator/main.ts", "--port", String(port), "--shop", shop, ...flags],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const gone = once(child, "exit").then(() => {
    throw new Error(`The simulator ended before it was ready:\n${said.join("")}`);
  });
  const listening = (async () => {
    for await (const line of createInterface(child.stdout)) {
      if (line.includes("listens on")) return;
    }
    await gone;
  })();
  await Promise.race([listening, gone]);
  gone.catch(() => undefined);
  child.stdout.resume();

  const host = { "content-type": "application/json", "x-simulated-host": `${shop}.myshopify.com` };
  const token = () => exchange(url, shop, { host, kind: "offline" });
  // An online token: it does not affect the app's own tokens.
  let kept: Promise<Token> | undefined;
  return {
    url,
    token,
    ask: async (query, variables = {}) => {
      kept ??= exchange(url, shop, { host, kind: "online" });
      const access = (await kept).access_token;
      for (;;) {
        const reply = await post(
          `${url}/admin/api/2026-10/graphql.json`,
          { query, variables },
          {
            ...host,
            "x-shopify-access-token": access,
          },
        );
        if (!reply.errors) return reply.data;
        const text = JSON.stringify(reply.errors);
        if (!text.includes("THROTTLED")) throw new Error(text);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    control: (path, body) => {
      // A reset deletes all tokens, including ours.
      if (path === "reset") kept = undefined;
      return post(`${url}/__simulator/${path}`, body, host);
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function exchange(
  url: string,
  shop: string,
  { host, kind }: { host: Record<string, string>; kind: "offline" | "online" },
): Promise<Token> {
  const page = await fetch(`${url}/store/${shop}/session-token`);
  const session = (await page.json()) as { token: string };
  return post<Token>(
    `${url}/admin/oauth/access_token`,
    {
      client_id: "simulated-key",
      client_secret: "simulated-secret",
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: session.token,
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: `urn:shopify:params:oauth:token-type:${kind}-access-token`,
      ...(kind === "offline" ? { expiring: "1" } : {}),
    },
    host,
  );
}

type Reply = { data?: unknown; errors?: unknown };

async function post<T = Reply>(
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<T> {
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as T;
}
