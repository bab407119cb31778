import { AppError } from "#app/lib/errors.ts";

/**
 * Turns an AppError into a response with its code, for the error page. Other errors pass through.
 *
 * @throws Response 502 with `{ code }`
 */
export async function orFailureResponse<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new Response(JSON.stringify({ code: error.code }), {
      status: 502,
      headers: { "content-type": "application/json; charset=utf-8" },
    });
  }
}
