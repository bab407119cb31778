const largestBytes = 65_535;

/** The error for a document that is too large for a bulk operation; undefined for any other. */
export function sizeProblem(document: string): string | undefined {
  const bytes = Buffer.byteLength(document);
  if (bytes <= largestBytes) return undefined;
  return `Query is too large (${bytes} bytes; maximum is ${largestBytes} bytes)`;
}
