import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

// A minimal Shopify for bulk mutations: uploads are measured and not executed, an operation is
// complete at the first poll, and every line of its result reports success.

/** A file as it was uploaded. */
export type BulkFile = {
  /** Name given by the app: it begins with the kind of the batch. */
  name: string;
  lines: number;
  bytes: number;
};

const STATUS = { maximumAvailable: 20_000, currentlyAvailable: 20_000, restoreRate: 1_000 };
const LINES_PER_PIECE = 5_000;

type Variables = { filename?: string; path?: string; id?: string };

export class LightBulkShopify {
  /** In order of arrival; a file's index is the number of its operation. */
  readonly files: BulkFile[] = [];
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });
  #address = "";

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.#address;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, what = "", number = ""] = (request.url ?? "").split("/");
    if (what === "result") {
      const { lines } = this.#file(number);
      Readable.from(resultPieces(lines)).pipe(response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (what === "upload") {
      Object.assign(this.#file(number), measured(body));
      response.writeHead(201).end();
      return;
    }
    const { query, variables } = JSON.parse(body.toString()) as {
      query: string;
      variables: Variables;
    };
    response.setHeader("content-type", "application/json");
    const cost = { requestedQueryCost: 10, actualQueryCost: 10, throttleStatus: STATUS };
    const data = this.#data(query, variables);
    response.end(JSON.stringify({ data, extensions: { cost } }));
  }

  #data(query: string, { filename, path, id }: Variables): unknown {
    if (query.includes("EncoreStagedUpload")) {
      const number = this.files.push({ name: filename ?? "", lines: 0, bytes: 0 }) - 1;
      const parameters = [{ name: "key", value: String(number) }];
      const target = { url: `${this.#address}/upload/${number}`, parameters };
      return { stagedUploadsCreate: { stagedTargets: [target], userErrors: [] } };
    }
    if (query.includes("EncoreRecentBulkOperations")) return { bulkOperations: { nodes: [] } };
    if (query.includes("EncoreBulkMutation")) {
      const bulkOperation = { id: `gid://shopify/BulkOperation/${path}` };
      return { bulkOperationRunMutation: { bulkOperation, userErrors: [] } };
    }
    if (!query.includes("EncoreBulkOperation")) throw new Error(`Not here: ${query}`);
    const number = (id ?? "").slice((id ?? "").lastIndexOf("/") + 1);
    return { bulkOperation: this.#ended(number) };
  }

  #ended(number: string) {
    return {
      id: `gid://shopify/BulkOperation/${number}`,
      status: "COMPLETED",
      errorCode: null,
      objectCount: String(this.#file(number).lines),
      url: `${this.#address}/result/${number}`,
      partialDataUrl: null,
    };
  }

  #file(number: string): BulkFile {
    const file = this.files[Number(number)];
    if (!file) throw new Error(`There is no file ${number}`);
    return file;
  }
}

/** The last part of a form is the file. */
function measured(form: Buffer): Pick<BulkFile, "lines" | "bytes"> {
  const start = form.indexOf("\r\n\r\n", form.indexOf('name="file"')) + 4;
  const file = form.subarray(start, form.lastIndexOf("\r\n--"));
  let lines = 0;
  for (let at = file.indexOf(10); at !== -1; at = file.indexOf(10, at + 1)) lines += 1;
  return { lines, bytes: file.length };
}

function* resultPieces(lines: number): Generator<string> {
  for (let from = 0; from < lines; from += LINES_PER_PIECE) {
    const piece = Array.from(
      { length: Math.min(LINES_PER_PIECE, lines - from) },
      (_, index) => `{"data":{"written":{"userErrors":[]}},"__lineNumber":${from + index}}\n`,
    );
    yield piece.join("");
  }
}
