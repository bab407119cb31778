import { notFound } from "#app/http/form.server.ts";
/** Without this route, the page for an unknown address would not have a locale. */
export function loader(): never {
  throw notFound();
}

export default function Nothing() {
  return null;
}
