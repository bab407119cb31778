const largestBytes = 65_535;

/** What is said of a document that is larger than a bulk operation takes; undefined of any other. */
export function sizeProblem(document: string): string | undefined {
  const bytes = Buffer.byteLength(document);
  if (bytes <= largestBytes) return undefined;
  return `Query is too large (${bytes} bytes; maximum is ${largestBytes} bytes)`;
}
