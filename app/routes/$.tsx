/** Without this route a page that does not exist would not know the reader's language. */
export function loader(): never {
  throw new Response(null, { status: 404 });
}

export default function Nothing() {
  return null;
}
