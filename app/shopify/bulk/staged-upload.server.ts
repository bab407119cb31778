import { env } from "#app/lib/env.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { Deadline } from "#app/shopify/api/deadline.ts";
import { shopifyFetch } from "#app/shopify/fetch.server.ts";

const STAGED_UPLOAD = `#graphql
  mutation EncoreStagedUpload($filename: String!) {
    stagedUploadsCreate(
      input: [
        {
          resource: BULK_MUTATION_VARIABLES
          filename: $filename
          mimeType: "text/jsonl"
          httpMethod: POST
        }
      ]
    ) {
      stagedTargets {
        url
        parameters {
          name
          value
        }
      }
      userErrors {
        field
        message
      }
    }
  }
`;

/** Shopify's limit for a file of variables. */
export const MAX_UPLOAD_BYTES = 100 * 1024 * 1024;

/** The timeout of an upload, as a multiple of that of a call: minutes for a large file. */
const TIMEOUT_FACTOR = 10;

/** Length of the pieces of text that a file is made of. */
const PIECE_LENGTH = 1024 * 1024;

type UploadFile = {
  filename: string;
  /** Each without a newline; together at most {@link MAX_UPLOAD_BYTES}. */
  lines: Iterable<string>;
  signal?: AbortSignal | undefined;
};

/**
 * Uploads the variables of a bulk mutation, one JSON object per line.
 *
 * @returns the staged upload path that starting the mutation asks for
 */
export async function stageUpload(
  admin: AdminApi,
  { filename, lines, signal }: UploadFile,
): Promise<string> {
  const { stagedUploadsCreate } = await admin.query(STAGED_UPLOAD, { filename }, { signal });
  const target = stagedUploadsCreate?.stagedTargets?.[0];
  const path = target?.parameters.find((parameter) => parameter.name === "key")?.value;
  if (!target?.url || path === undefined) {
    const found = stagedUploadsCreate?.userErrors.map((error) => error.message).join("; ");
    throw new AppError("shopify-rejected", `${admin.shop}: no upload target: ${found ?? ""}`, {
      retryable: false,
    });
  }
  const form = new FormData();
  for (const { name, value } of target.parameters) form.append(name, value);
  // The file comes last: what follows it is not read.
  form.append("file", fileOf(lines), filename);
  await upload(admin, { url: target.url, form, signal });
  return path;
}

/** Built in pieces, so that memory does not hold the whole text beside its bytes. */
function fileOf(lines: Iterable<string>): Blob {
  const pieces: Blob[] = [];
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < PIECE_LENGTH) continue;
    pieces.push(new Blob([text]));
    text = "";
  }
  return new Blob([...pieces, text]);
}

type Upload = { url: string; form: FormData; signal: AbortSignal | undefined };

async function upload(admin: AdminApi, { url, form, signal }: Upload): Promise<void> {
  const deadline = new Deadline(TIMEOUT_FACTOR * env.ADMIN_API_TIMEOUT_MS, signal);
  let status: number;
  try {
    const sent = shopifyFetch(url, { method: "POST", body: form, signal: deadline.signal });
    const response = await deadline.wait(sent);
    response.body?.cancel().catch(() => undefined);
    if (response.ok) return;
    status = response.status;
  } catch (cause) {
    signal?.throwIfAborted();
    throw uploadFailed(admin, "no answer", cause);
  } finally {
    deadline.end();
  }
  throw uploadFailed(admin, `HTTP ${status}`, undefined);
}

/** Retryable: the next attempt requests a new target, as the old one may have expired. */
function uploadFailed(admin: AdminApi, found: string, cause: unknown): AppError {
  return new AppError("shopify-unreachable", `${admin.shop}: an upload failed: ${found}`, {
    retryable: true,
    cause,
  });
}
