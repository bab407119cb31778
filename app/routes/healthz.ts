/** Says that this process answers requests; it asks nothing of the database. */
export const loader = () => new Response("ok", { headers: { "content-type": "text/plain" } });
