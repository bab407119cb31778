/** Whether this process answers requests; does not use the database. */
export const loader = () => new Response("ok", { headers: { "content-type": "text/plain" } });
