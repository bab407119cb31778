import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

type Json = Record<string, unknown>;
/** `data`, a whole reply with `errors`, an HTTP status to answer with, or no answer at all. */
export type FakeReply =
  | { data: Json }
  | { errors: Json[]; data?: Json | null }
  | { status: number; body?: Json }
  | { silence: "hang" | "reset" };
type Answer = (variables: Json, request: IncomingMessage) => FakeReply | Promise<FakeReply>;

/** Shopify's response to a renewal with an invalid refresh token. */
export const deadRefreshToken: FakeReply = {
  status: 401,
  body: {
    error: "invalid_request",
    error_description: "This request requires an active refresh_token",
  },
};

const DEFAULT_COST = {
  requestedQueryCost: 10,
  actualQueryCost: 10,
  throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1990, restoreRate: 100 },
};

/** Answers each operation as the test defines, by its name, and serves files. */
export class FakeShopify {
  readonly calls: { operation: string; variables: Json; token: string }[] = [];
  readonly answers = new Map<string, Answer>();
  readonly files = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  cost: Json = DEFAULT_COST;
  refresh: () => FakeReply | Promise<FakeReply> = () => deadRefreshToken;
  #server: Server | undefined;

  get url(): string {
    return process.env.SIMULATED_SHOPIFY_URL ?? "";
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      void this.#handle(request, response);
    });
    this.#server = server;
    await new Promise<void>((resolve) => {
      server.listen(Number(new URL(this.url).port), "127.0.0.1", resolve);
    });
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  reset(): void {
    this.calls.length = 0;
    this.answers.clear();
    this.files.clear();
    this.cost = DEFAULT_COST;
    this.refresh = () => deadRefreshToken;
  }

  /** Serves a text, with range requests. */
  serve(path: string, text: string): string {
    this.files.set(path, (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, { "content-type": "application/jsonl" });
      response.end(Buffer.from(text).subarray(from));
    });
    return `${this.url}${path}`;
  }

  count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const file = this.files.get(path);
    if (file !== undefined) {
      file(request, response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const isCall = path.endsWith("/graphql.json");
    const reply = await (isCall ? this.#graphql(request, body) : this.#other(path));
    if ("silence" in reply) {
      if (reply.silence === "reset") request.socket.resetAndDestroy();
      return;
    }
    response.writeHead("status" in reply ? Number(reply.status) : 200, {
      "content-type": "application/json",
    });
    response.end(JSON.stringify("body" in reply ? reply.body : reply));
  }

  async #graphql(request: IncomingMessage, body: string): Promise<FakeReply & Json> {
    const { query, variables } = JSON.parse(body) as { query: string; variables: Json };
    const operation = /(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? "";
    const token = String(request.headers["x-shopify-access-token"]);
    this.calls.push({ operation, variables, token });
    const answer = this.answers.get(operation);
    if (answer === undefined) return { errors: [{ message: `no answer for ${operation}` }] };
    return { ...(await answer(variables, request)), extensions: { cost: this.cost } };
  }

  async #other(path: string): Promise<FakeReply & Json> {
    if (path !== "/admin/oauth/access_token") return { status: 404 };
    const reply = await this.refresh();
    return "data" in reply ? { ...reply, ...reply.data } : reply;
  }
}

/** An offline session, as token exchange leaves it. */
export async function giveSession(shop: ShopDomain, expires: Date | null = null): Promise<void> {
  await pool.query(
    `insert into sessions (id, shop, state, access_token, refresh_token, expires)
     values ($1, $2, '', 'token-1', 'refresh-1', $3::timestamptz at time zone 'UTC')
     on conflict (id) do update set access_token = excluded.access_token, expires = excluded.expires`,
    [`offline_${shop}`, shop, expires],
  );
}
