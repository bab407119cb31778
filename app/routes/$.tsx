import { notFound } from "#app/http/form.server.ts";
/** Without this route a page that does not exist would not know the reader's language. */
export function loader(): never {
  throw notFound();
}

export default function Nothing() {
  return null;
}
